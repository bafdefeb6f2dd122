import { email } from './email/email.ts'
import { hotline } from './hotline/hotline.ts'
import type { Normalizer } from './normalizer.ts'

/** Every normalizer by the name that a connector's declaration gives. */
export const normalizers: ReadonlyMap<string, Normalizer> = new Map(
  [hotline, email].map((each) => [each.name, each]),
)
