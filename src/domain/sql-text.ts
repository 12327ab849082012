/** A name in SQL. */
export const name = (plain: string): string => `"${plain.replaceAll('"', '""')}"`;

/** A text in SQL. */
export const text = (plain: string): string => `'${plain.replaceAll("'", "''")}'`;
