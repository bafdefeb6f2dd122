import type { NormalizerName } from '../connectors/connector.ts'
import type { Normalizer } from './normalizer.ts'

/**
 * Every normalizer by the name that a connector's declaration gives, each loaded when a configured source needs it:
 * a deployment without mailboxes does not pay for a mail parser.
 */
export const normalizers: Readonly<Record<NormalizerName, () => Promise<Normalizer>>> = {
  hotline: async () => (await import('./hotline/hotline.ts')).hotline,
  email: async () => (await import('./email/email.ts')).email,
}
