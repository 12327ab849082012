export interface TakingActivities {
  takeLeavers(input: {
    readonly leaving: string;
    readonly now: string;
  }): Promise<{ readonly kind: 'taken' } | { readonly kind: 'with'; readonly holder: string }>;
}
