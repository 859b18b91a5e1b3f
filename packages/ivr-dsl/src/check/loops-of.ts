/**
 * The nodes that are on a loop: members of a strongly connected part of several, and those that lead to themselves; each with the
 * number of its part, `-1` for the others (Tarjan 1972, without recursion).
 */
export function loopsOf(size: number, next: (node: number) => readonly number[]): Int32Array {
  const index = new Int32Array(size).fill(-1);
  const low = new Int32Array(size);
  const open = new Uint8Array(size);
  const part = new Int32Array(size).fill(-1);
  const path: number[] = [];
  const walks: { readonly node: number; readonly ways: readonly number[]; at: number }[] = [];
  let count = 0;
  const enter = (node: number): void => {
    index[node] = count;
    low[node] = count;
    count += 1;
    open[node] = 1;
    path.push(node);
    walks.push({ node, ways: next(node), at: 0 });
  };
  for (let root = 0; root < size; root += 1) {
    if (index[root] !== -1) continue;
    enter(root);
    for (let walk = walks.at(-1); walk !== undefined; walk = walks.at(-1)) {
      const { node } = walk;
      const to = walk.ways[walk.at];
      walk.at += 1;
      if (to !== undefined) {
        if (index[to] === -1) enter(to);
        else if (open[to] === 1) low[node] = Math.min(low[node] ?? 0, index[to] ?? 0);
        if (to === node) part[node] = node;
        continue;
      }
      walks.pop();
      const parent = walks.at(-1);
      if (parent !== undefined) low[parent.node] = Math.min(low[parent.node] ?? 0, low[node] ?? 0);
      if (low[node] !== index[node]) continue;
      const members = path.splice(path.lastIndexOf(node));
      for (const member of members) {
        open[member] = 0;
        if (members.length > 1) part[member] = node;
      }
    }
  }
  return part;
}
