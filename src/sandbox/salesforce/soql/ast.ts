/** A path of names, `Profile.UserLicense.Name`, and where it stands in the query (from 0). */
export interface Path {
  readonly names: readonly string[];
  readonly at: number;
  /** The function around it, in capitals: `CALENDAR_YEAR(CreatedDate)`. */
  readonly call?: string;
}

export type AggregateName = 'COUNT' | 'COUNT_DISTINCT' | 'MIN' | 'MAX' | 'SUM' | 'AVG';

/** `COUNT()` has no path. */
export interface Aggregate {
  readonly kind: 'aggregate';
  readonly name: AggregateName;
  readonly path: Path | null;
  readonly at: number;
}

export type SelectItem =
  | { readonly kind: 'field'; readonly path: Path; readonly alias: string | null }
  | (Aggregate & { readonly alias: string | null })
  | { readonly kind: 'fields'; readonly which: 'ALL' | 'STANDARD' | 'CUSTOM'; readonly at: number }
  | { readonly kind: 'children'; readonly query: Query };

export type Literal =
  | { readonly kind: 'string'; readonly value: string; readonly literalAt: readonly number[] }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'null' }
  | { readonly kind: 'date'; readonly value: string }
  | { readonly kind: 'datetime'; readonly value: string }
  /** `TODAY`, `LAST_N_DAYS:30`. */
  | { readonly kind: 'range'; readonly name: string; readonly n: number };

export type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=' | 'LIKE';

export type Condition =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Condition[] }
  | { readonly kind: 'not'; readonly part: Condition }
  | {
      readonly kind: 'compare';
      readonly left: Path | Aggregate;
      readonly operator: Operator;
      readonly value: Literal;
    }
  | {
      readonly kind: 'in';
      readonly left: Path | Aggregate;
      readonly negated: boolean;
      readonly values: readonly Literal[] | { readonly query: Query };
    };

export interface Order {
  readonly by: Path | Aggregate;
  readonly descending: boolean;
  readonly nullsLast: boolean;
}

export interface Query {
  readonly select: readonly SelectItem[];
  readonly from: { readonly name: string; readonly alias: string | null; readonly at: number };
  readonly where: Condition | null;
  readonly groupBy: readonly Path[];
  readonly having: Condition | null;
  readonly orderBy: readonly Order[];
  readonly limit: number | null;
  readonly offset: number;
}
