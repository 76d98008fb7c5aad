/** Returns whether a name can be that of a new jail, filter or action. */
export const isNewName = (name: string): boolean =>
  /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/.test(name) && !['DEFAULT', 'INCLUDES'].includes(name.toUpperCase())

/** What {@link isNewName} accepts, for people. */
export const NAME_RULE =
  'A name must have 1 to 64 letters, digits, “_”, “.” and “-”, and must not begin with “.” or “-”.'
