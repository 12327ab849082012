export { accessRequest } from './access-request';
export { deskWatch } from './desk-watch';
export { onboarding } from './onboarding';
export { seatPool } from './seat-pool';
