export { accessRequest } from './access-request';
export { deskWatch } from './desk-watch';
export { licenceReclaim } from './licence-reclaim';
export { offboarding } from './offboarding';
export { onboarding } from './onboarding';
export { roleChange } from './role-change';
export { seatPool } from './seat-pool';
