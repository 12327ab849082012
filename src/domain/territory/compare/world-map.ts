import { markup, type Markup } from '../../close/report/markup';

/**
 * A schematic map: each country is one tile, near where it lies. It says which country, not how large. A country that has no tile
 * stands in the table beside it.
 */
const WORLD = [
  '                        GL',
  '                              IS                                     FI',
  '                                                   NO    SE       EE                                  RU',
  'CA                                                                LV',
  '                                          GB       DK             LT',
  '                                    IE          NL          PL       BY',
  '                                             BE LU DE    CZ             UA',
  '                                                   LI    AT SK HU    MD                         KZ',
  '                                             FR    CH    SI HR RS RO                                     MN',
  '                                             AD    MC IT    BA ME BG             GE          UZ',
  '   US                               PT ES                      AL MK       TR    AM AZ       TM TJ KG          KP',
  '                                                               GR             SY',
  '               BM                   MA             TN    MT                CY LB IQ    IR       AF       CN    KR JP',
  '            BS                               DZ             LY          EG PS IL    KW BH       PK NP BT    MO TW',
  'MX GT BZ CU HT DO                MR                                        JO    SA    QA AE OM    IN BD MM VN HK',
  '   SV NI HN JM PR BB       CV SN GM    ML BF       NE       TD          SD    ER DJ YE                   LA TH PH',
  '      CR PA CO VE TT SR       GW GN CI GH TG BJ    NG CM       CF       SS    ET    SO          MV LK    KH BN',
  '            EC    GY          SL LR                GQ GA CG       CD BI UG    KE          SC             MY SG ID',
  '            PE       BR                                     AO          RW TZ                                  TL PG',
  '               BO                                                    ZM ZW MW MZ    MG    MU                            FJ',
  '                  PY                                        NA    BW    SZ                                        AU NC',
  '                  UY                                              ZA LS',
  '            CL AR                                                                                                    NZ',
];

const SIDE = 18;
const STEPS = 5;

/** What a tile says: how dark it is, and the words that a reader hears. */
export interface Tile {
  /** From 0 to 1. */
  readonly share: number;
  readonly words: string;
}

/** The map, with the countries that have something to say. */
export function worldMap(title: string, tiles: ReadonlyMap<string, Tile>): Markup {
  const width = Math.max(...WORLD.map((line) => Math.ceil(line.length / 3))) * SIDE;
  const drawn = WORLD.flatMap((line, row) =>
    [...line.matchAll(/[A-Z]{2}/g)].map(({ 0: country, index }) => {
      const [x, y] = [(index / 3) * SIDE, row * SIDE];
      const tile = tiles.get(country);
      const words = tile ? markup`<title>${tile.words}</title>` : markup``;
      return markup`<g><rect class="${tile ? shadeOf(tile.share) : 'none'}" x="${x + 1}" y="${y + 1}" width="${SIDE - 2}" height="${SIDE - 2}" rx="2">${words}</rect><text class="tile" x="${x + SIDE / 2}" y="${y + 12}" text-anchor="middle">${country}</text></g>`;
    }),
  );
  return markup`<figure><svg role="img" aria-label="${title}" viewBox="0 0 ${width} ${WORLD.length * SIDE}" width="${width}" height="${WORLD.length * SIDE}">${drawn}</svg></figure>`;
}

/** Countries that the map has a tile for. */
export const hasTile = (country: string): boolean => WORLD.some((line) => line.split(' ').includes(country));

/** Nothing moves, up to a quarter, to a half, to three quarters, more. */
export const SHADES = ['nothing', 'up to 25 %', 'up to 50 %', 'up to 75 %', 'more than 75 %'] as const;
const shadeOf = (share: number): string =>
  `m${share <= 0 ? 0 : Math.min(STEPS - 1, Math.max(1, Math.ceil(share * (STEPS - 1))))}`;
