/** The members of a list by a name each of them has. */
export function groupBy<T>(list: Iterable<T>, nameOf: (member: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const member of list) {
    const group = groups.get(nameOf(member));
    if (group) group.push(member);
    else groups.set(nameOf(member), [member]);
  }
  return groups;
}
