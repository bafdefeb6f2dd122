/** Where reports come in. `platform`: another system's API. */
export const channels = ['email', 'sms', 'wechat', 'hotline', 'board', 'platform'] as const
export type Channel = (typeof channels)[number]

/** What a report asks for. */
export const kinds = ['consultation', 'help', 'complaint', 'report', 'suggestion', 'praise', 'other'] as const
export type Kind = (typeof kinds)[number]

/** What the queue tells of a ticket. */
export const ticketEvents = ['ticket.created', 'ticket.linked', 'ticket.updated', 'ticket.unlinked'] as const
export type TicketEvent = (typeof ticketEvents)[number]
