import type { Dice } from './dice';

/** The largest family, where the org is large enough for one. */
const LARGEST = 5_000;
const DEEPEST = 7;

/** Members of a family by their place in it: which one each is below; the first is above all. */
export type Tree = readonly (number | null)[];

/** Families of 1 to 5,000, half of them of one: together so many accounts. */
export function treesOf(count: number, dice: Dice): readonly Tree[] {
  const trees: Tree[] = [];
  let left = count;
  const add = (size: number): void => {
    const taken = Math.min(size, left);
    if (taken > 0) trees.push(treeOf(taken, dice));
    left -= taken;
  };
  if (count >= 4 * LARGEST) add(LARGEST);
  if (count >= 1_000) for (const size of [400, 150, 60]) add(size);
  while (left > 0) add(dice.chance(0.5) ? 1 : dice.magnitude(2, 20));
  return trees;
}

function treeOf(size: number, dice: Dice): Tree {
  const depths = [0];
  const above: (number | null)[] = [null];
  for (let at = 1; at < size; at++) {
    let parent = dice.between(0, at - 1);
    while ((depths[parent] ?? 0) >= DEEPEST) parent = above[parent] ?? 0;
    above.push(parent);
    depths.push((depths[parent] ?? 0) + 1);
  }
  return above;
}
