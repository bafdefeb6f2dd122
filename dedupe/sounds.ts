import sounds from './sounds.json' with { type: 'json' }

const soundOf: ReadonlyMap<string, string> = new Map(
  Object.entries(sounds).flatMap(([sound, characters]) =>
    [...characters].map((each) => [each, sound] as const),
  ),
)

/** Whether two characters sound alike, as 绣 and 秀 do: what is typed by sound is mistaken so. */
export function soundAlike(one: string, other: string): boolean {
  const sound = soundOf.get(one)
  return sound !== undefined && sound === soundOf.get(other)
}
