/**
 * Surnames that are the first character of most people's names (Ministry of Public Security, 全国姓名报告), one
 * character each. Whoever tells names by them adds rarer ones, as far as these are no everyday words where it looks.
 */
export const commonSurnames =
  '王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩邓冯曹彭曾肖萧田董袁潘于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严覃武戚莫孔向汤温庞康樊葛章岳翟鲁倪殷祝欧俞蓝阮蔡赖聂邢'
