/** Comes back when the next request may be sent: so that all workers together keep a system's rate. */
export type Pace = () => Promise<void>;
