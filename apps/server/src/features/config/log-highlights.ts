/** Which stream of each user lets fail2ban-regex match its lines: the newest one, since every match is a Python program. */
export interface LogHighlights {
  /** Returns a place that counts until a newer one is taken. Disposing gives it back to the one before. */
  take(userId: number): HighlightPlace
}

export interface HighlightPlace extends Disposable {
  /** no newer stream of the user has taken the place */
  isMine(): boolean
}

/** Creates the places of all users. */
export function createLogHighlights(): LogHighlights {
  const places = new Map<number, HighlightPlace[]>()
  return {
    take(userId) {
      const place: HighlightPlace = {
        isMine: () => places.get(userId)?.at(-1) === place,
        [Symbol.dispose]() {
          const left = places.get(userId)?.filter((other) => other !== place) ?? []
          if (left.length > 0) places.set(userId, left)
          else places.delete(userId)
        },
      }
      places.set(userId, [...(places.get(userId) ?? []), place])
      return place
    },
  }
}
