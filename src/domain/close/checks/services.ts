import { DOCUMENT_KINDS, isSignedInFull, isSubmitted, paper, SALES_ASSISTED, type Booking } from '../booking';
import { ask, NOT_APPLICABLE, PASS, passIf, policyFor, reject, SOURCE, type Check } from '../check';
import { approvalOf, MATTER } from '../decisions';

/** Professional services. */

const SERVICES_RECORD = 'Professional Services Only';
const SERVICES = 'Services';

const sells = (booking: Booking, services: boolean) =>
  booking.lines.some(({ family }) => (family === SERVICES) === services);

export const SERVICES_CHECKS: readonly Check[] = [
  {
    id: 'services-apart',
    words:
      'Professional services are sold on an opportunity of their own, of the record type for them; never beside a subscription.',
    source: SOURCE.orders,
    routes: SALES_ASSISTED,
    when: isSubmitted,
    mender: 'owner',
    judge: (booking) => {
      if (booking.route !== 'professional_services')
        return passIf(
          booking.recordType !== SERVICES_RECORD && !sells(booking, true),
          'it sells services beside a subscription',
          'Move the services to an opportunity of their own.',
        );
      if (booking.recordType !== SERVICES_RECORD)
        return reject(
          'services on another record type than theirs',
          'Make an opportunity for services only.',
        );
      return passIf(
        !sells(booking, false),
        'a subscription is sold with services',
        'Move the subscription away.',
      );
    },
  },
  {
    id: 'services-papers',
    words:
      'A custom statement of work is signed by both sides, ours included; a standard product needs a signed order form.',
    source: SOURCE.orders,
    routes: ['professional_services'],
    when: isSubmitted,
    mender: 'owner',
    judge: (booking) => {
      const sow = paper(booking, DOCUMENT_KINDS.customSow);
      if (!sow)
        return passIf(
          isSignedInFull(paper(booking, DOCUMENT_KINDS.orderForm)),
          'neither a custom statement of work nor a signed order form',
          'Have the order form signed.',
        );
      if (!isSignedInFull(sow))
        return reject('the customer has not signed the statement of work', 'Have it signed.');
      return passIf(
        sow.countersignedOn !== null,
        'the statement of work lacks our own signature',
        'Have it countersigned by Legal or Finance.',
      );
    },
  },
  {
    id: 'services-attached',
    words:
      'A first order from $20k net ARR on, in the segments named, has services of $15k with it, or an approval to do without.',
    source: SOURCE.orders,
    routes: SALES_ASSISTED.filter((route) => route !== 'professional_services'),
    when: isSubmitted,
    mender: 'owner',
    judge: (booking, close) => {
      if (booking.firstOrder === null) return ask('Is it a first order?');
      const { services } = policyFor(booking, close);
      if (!booking.firstOrder) return NOT_APPLICABLE;
      if (booking.netArr === null) return reject('it has no net ARR', 'Enter net ARR.');
      if (booking.netArr < services.fromNetArrCents) return NOT_APPLICABLE;
      if (booking.segment === null || booking.geo === null) return ask('Which segment and region is it?');
      const asked = services.segments.some(
        ({ segment, geos }) =>
          segment === booking.segment && (geos === null || geos.includes(booking.geo ?? '')),
      );
      if (!asked) return NOT_APPLICABLE;
      if ((booking.servicesAttached ?? 0) >= services.attachedCents) return PASS;
      return passIf(
        approvalOf(booking, MATTER.services, services.approvedBy) !== null,
        'a first order of this size without the services that go with it',
        'Sell the services, or have their absence approved.',
      );
    },
  },
];
