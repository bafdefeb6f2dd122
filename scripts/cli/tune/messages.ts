import type { LocalText } from '../../../config/locale.ts'

/** The texts of `yiwang dedupe tune`. */
export const tuneMessages = {
  tuneSummary: {
    en: 'propose thresholds by reports that you have labelled; stores nothing',
    zh: '根据人工标注的诉求推荐阈值；不写入任何内容',
  },
  tuneArgument: { en: 'labelled reports, as JSON Lines', zh: '已标注的诉求，JSON Lines 格式' },
  duplicatePrecisionOption: {
    en: 'share of the pairs linked as duplicates that must be right',
    zh: '判为重复的诉求对中，正确者须达到的比例',
  },
  incidentPrecisionOption: {
    en: 'share of the pairs linked as one incident that must be right',
    zh: '判为同一事件的诉求对中，正确者须达到的比例',
  },
  tuneFormat: {
    en: `FILE holds one JSON object per line, in order of arrival:
  {"id":"1","channel":"sms","sourceId":"s","submittedAt":"2026-01-02T03:04:05+08:00","name":null,
   "phone":null,"title":null,"body":"…","place":null,"report":"r1","incident":"i1"}
(on one line). channel: email, sms, wechat, hotline, board or platform. What is unknown is null or
left out; a time without an offset is that of Shanghai.
report is equal for the same report again, incident for reports of one matter at one place;
null: stands alone; left out: not labelled, taken in but not counted.`,
    zh: `文件每行一个 JSON 对象，按到达顺序排列：
  {"id":"1","channel":"sms","sourceId":"s","submittedAt":"2026-01-02T03:04:05+08:00","name":null,
   "phone":null,"title":null,"body":"…","place":null,"report":"r1","incident":"i1"}
（写在一行内）。channel 为 email、sms、wechat、hotline、board 或 platform。未知的写 null 或不写；
时间未带时区的按北京时间。
同一诉求重复提交者 report 相同，同一地点同一事件者 incident 相同；null 表示与其他诉求无关；
不写表示未标注，参与处理但不计入统计。`,
  },
  tuneProgress: { en: 'trying thresholds: {run} of {all}', zh: '试算阈值：{run} / {all}' },
  tuneHead: {
    en: '{rows} reports, {labelled} labelled. Settings: {config}.',
    zh: '诉求 {rows} 条，已标注 {labelled} 条。配置：{config}。',
  },
  tuneDefaults: { en: 'defaults, as there is no configuration', zh: '默认值（未找到配置文件）' },
  tuneWithoutTicket: {
    en: '{count} of them made no ticket (no text, for example); their pairs count as missed.',
    zh: '其中 {count} 条未能成单（例如没有正文），涉及这些诉求的对计为漏判。',
  },
  tuneNotSimilar: {
    en: 'The configuration says similar: false, which uses no thresholds; tried as with similar: true.',
    zh: '配置为 similar: false，此时阈值不起作用；以下按 similar: true 试算。',
  },
  tuneTitle_duplicate: {
    en: 'The same report again (dedupe.duplicate): {pairs} true pairs in {groups} groups',
    zh: '同一诉求重复提交（dedupe.duplicate）：应关联 {pairs} 对，{groups} 组',
  },
  tuneTitle_incident: {
    en: 'The same incident (dedupe.incident, with duplicate.link {link}): {pairs} true pairs in {groups} groups',
    zh: '同一事件（dedupe.incident，duplicate.link 取 {link}）：应关联 {pairs} 对，{groups} 组',
  },
  tuneNoPairs: {
    en: 'No two reports are labelled as belonging together, so there is nothing to propose.',
    zh: '没有标注为应关联的诉求对，无法推荐。',
  },
  tuneNothingFound: {
    en: 'No threshold links anything, so there is nothing to propose.',
    zh: '任何阈值下都没有关联，无法推荐。',
  },
  tunePairs: { en: 'linked pairs', zh: '关联（对）' },
  tuneTrue: { en: 'true', zh: '正确' },
  tuneWrong: { en: 'wrong', zh: '错误' },
  tunePrecision: { en: 'precision', zh: '精确率' },
  tuneInterval: { en: '95 % interval', zh: '95% 置信区间' },
  tuneRecall: { en: 'recall', zh: '召回率' },
  tuneShown: { en: 'suggestions', zh: '提示（条）' },
  tuneShareRight: { en: 'share', zh: '正确比例' },
  tuneNow: { en: 'now', zh: '当前' },
  tuneProposed: { en: 'proposed', zh: '推荐' },
  tuneReached: {
    en: 'Among the thresholds with a precision of {wanted} or more, link {link} finds the most pairs.',
    zh: '精确率达到 {wanted} 的阈值中，link {link} 找到的最多。',
  },
  tuneNotReached: {
    en: 'No threshold reaches a precision of {wanted}; link {link} comes nearest with {precision}.',
    zh: '没有阈值能使精确率达到 {wanted}；link {link} 最接近，为 {precision}。',
  },
  tuneCostly: {
    en: 'CAUTION: link {link} finds {recall} of the true pairs, link {current}, which is in use, {now}. {option} with a lower share keeps more.',
    zh: '注意：link {link} 只能找到应关联对的 {recall}，而当前的 link {current} 能找到 {now}。降低 {option} 可保留更多。',
  },
  tuneFew: {
    en: 'CAUTION: too few labels to rely on. Needed at least: {pairs} true pairs, {groups} groups, {pairs} linked pairs.',
    zh: '注意：样本过少，结果不可靠。至少需要：应关联 {pairs} 对、{groups} 组，已关联 {pairs} 对。',
  },
  tuneLeft: {
    en: 'Suggestions to a person, below link {link}. Reports not linked to any report they belong with: {left}.',
    zh: '低于 link {link} 时提示人工判断；应关联而未关联的诉求有 {left} 条。',
  },
  tuneNoSuggestions: {
    en: 'No suggestion would be shown between labelled reports; review stays at {review}.',
    zh: '已标注的诉求之间没有提示；review 保持 {review}。',
  },
  tuneReviewReached: {
    en: 'Among the thresholds at which at least one suggestion in three is right, review {review} shows the most.',
    zh: '在每三条提示至少一条正确的阈值中，review {review} 提示最多。',
  },
  tuneReviewKept: {
    en: 'At no threshold is at least one suggestion in three right; review stays at {review}.',
    zh: '没有阈值能使每三条提示至少一条正确；review 保持 {review}。',
  },
  tuneCaveat: {
    en: 'These figures come from the same reports that the thresholds were chosen on; expect a little less on others. The intervals treat pairs as independent, which pairs of one group are not, so the true value may lie outside more often.',
    zh: '以上数字来自用于选择阈值的同一批诉求，用于其他诉求时效果会略差。置信区间假定各对相互独立，而同组的对并非如此，真实值落在区间之外的可能性更大。',
  },
  tunePaste: { en: 'For the configuration:', zh: '写入配置：' },
} as const satisfies Record<string, LocalText>
