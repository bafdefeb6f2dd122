import { ratio } from './ratio.ts'
import type { QuestionTuning, Tuning } from './tune.ts'
import { isReliable } from './tuning-lines.ts'
import { wilsonInterval } from './wilson.ts'

/** A tuning for a program to read. Shares are in [0, 1]; null where there was nothing to take a share of. */
export function tuningJson({ questions, ...counts }: Tuning): object {
  return {
    ...counts,
    duplicate: questionJson(questions.duplicate),
    incident: questionJson(questions.incident),
  }
}

function questionJson(question: QuestionTuning): object {
  const { links, reviews, ...rest } = question
  return {
    ...rest,
    reliable: isReliable(question),
    links: links.map(({ missed: _missed, pairs: _pairs, ...one }) => ({
      ...one,
      interval: wilsonInterval(one.true, one.found),
    })),
    reviews: reviews.map((one) => ({ ...one, share: ratio(one.true, one.found) })),
  }
}
