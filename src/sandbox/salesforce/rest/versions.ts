/** The versions that `/services/data` names. */
export const VERSIONS = Array.from({ length: 13 }, (_, i) => {
  const number = 50 + i;
  // Three releases a year; v50.0 was Winter '21.
  const season = ['Winter', 'Spring', 'Summer'][i % 3] ?? '';
  const year = 21 + Math.floor(i / 3);
  return { label: `${season} '${year}`, url: `/services/data/v${number}.0`, version: `${number}.0` };
});
