import { z } from 'zod'

/**
 * Kinds of mail that are not reports. Each is a policy: an item that falls under one ends as `skipped` with
 * the policy's name and the header that decided, and stays in the archive.
 */
const mailPolicyNames = ['auto-reply', 'bounce', 'delivery-report', 'read-receipt', 'loop', 'bulk'] as const

export type MailPolicyName = (typeof mailPolicyNames)[number]

/** Anything beside the address, such as a name, would match no sender. */
const addressForm = /^\s*[^\s@<>,;:，；、]+@[^\s@<>,;，；、]+\s*$/
const addressRule =
  'Write the address alone, such as office@example.gov.cn / 只写地址，如 office@example.gov.cn'

/** Settings that every e-mail connector shares; the e-mail normalizer reads them from the source's settings. */
export const mailPolicyShape = {
  skip: z
    .array(z.enum(mailPolicyNames))
    .default(['auto-reply', 'bounce', 'delivery-report', 'read-receipt', 'loop'])
    .describe(
      'Kinds of mail left out on purpose and counted as skipped. "bulk" (mailing lists, newsletters) is off by default, because a citizen may write through a list. / 按策略跳过的邮件种类，计入“跳过”。“bulk”（群发、邮件列表）默认不跳过，因为市民可能通过邮件列表来信。',
    ),
  ownAddresses: z
    .array(z.string().regex(addressForm, addressRule))
    .default([])
    .describe(
      'Addresses that this office sends from; mail from them is a loop, not a report, unless it is to be answered to somebody outside, as that of a web form. / 本单位的发信地址；来自这些地址的邮件视为循环，不作为诉求；但回复地址为外部人员的（如网页表单代发）除外。',
    ),
  maxReceived: z
    .int()
    .min(5)
    .max(1000)
    .default(50)
    .describe('More Received headers than this mean a mail loop. / Received 头超过此数视为邮件循环。'),
} as const

/** {@link mailPolicyShape} for reading only these out of a connector's settings. */
export const MailPolicies = z.object(mailPolicyShape)

export type MailPolicies = z.infer<typeof MailPolicies>
