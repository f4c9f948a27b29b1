// Many events of one kind in one place, told as one line.

/** Groups of events by class and community, in the order of their first: {key, words, members}. */
export function groupsOf(events) {
  const groups = new Map();
  for (const event of events) {
    const place = event.area?.community?.name ?? event.area?.street?.name ?? "";
    const key = `${event.category.code} ${place}`;
    if (!groups.has(key)) {
      const words = [event.category.name, place].filter(Boolean).join(" · ");
      groups.set(key, { key, words, members: [] });
    }
    groups.get(key).members.push(event);
  }
  return [...groups.values()];
}
