export { accessRequest } from './access-request';
export { deskWatch } from './desk-watch';
export { onboarding } from './onboarding';
export { roleChange } from './role-change';
export { seatPool } from './seat-pool';
