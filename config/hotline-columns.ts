/** Ticket fields that a column of a hotline export can carry. */
export const hotlineFields = [
  'id',
  'title',
  'body',
  'reporterName',
  'phone',
  'email',
  'wechatId',
  'anonymous',
  'submittedAt',
  'receivedAt',
  'occurredAt',
  'place',
  'province',
  'city',
  'district',
  'street',
  'lat',
  'lon',
  'kind',
  'channel',
  'urgency',
  'category',
  'department',
  'status',
  'reply',
  'repliedAt',
  'url',
] as const

export type HotlineField = (typeof hotlineFields)[number]

/** Configured column names, in place of the built-in ones of the same field; an empty list: no column carries it. */
export type HotlineColumns = Readonly<Partial<Record<HotlineField, string | readonly string[] | undefined>>>

const words = (text: string): readonly string[] => text.trim().split(/\s+/)

/**
 * Names under which 12345 systems and clerks export each field, best first. One that is added goes last: before another
 * it would take over from that in exports that have both, and the id column would be another one.
 * Compared by {@link columnKey}. A name stands under one field only; a column goes to one field.
 */
export const hotlineSynonyms: Readonly<Record<HotlineField, readonly string[]>> = {
  id: words(`
    工单编号 工单号 工单号码 工单流水号 工单ID 受理编号 受理单号 受理号 诉求编号 诉求单号 诉求件编号
    诉求ID 信件编号 信件号 信件ID 投诉编号 投诉单号 投诉件编号 来信编号 来件编号 来电编号 留言编号 留言ID
    事件编号 事项编号 案件编号 案件号 案卷编号 登记编号 登记号 登记单号 业务编号 业务流水号 业务单号
    服务单号 服务请求编号 任务号 任务编号 派单编号 派单号 交办单号 交办编号 转办单号 热线编号
    热线工单编号 12345工单编号 12345工单号 单据编号 诉求号 诉求码 诉求编码 诉求流水号 受理编码 受理流水号
    来电流水号 来电单号 呼叫流水号 投诉号 信访编号 信访件编号 信访号 事件编码 事件号 事件单号 事项编码
    案件编码 热线单号 单据号 单据号码 工单序列号 办件编号 办件号 工单流水编号 受理单编号 热线工单号
    诉求工单编号 诉求受理编号 信件编码 来件号 事件ID 办件编码 服务工单编号 服务工单号 服务请求号 诉求件号
    转办编号 登记流水号 案件流水号 事件流水号 单号 流水号 件号 问题编号 反映编号 工单编码 查询码 查询编号
    编号 ID ticketid ticketno caseid caseno orderno workorderid orderid casenumber
    投诉工单号 投诉工单编号 来电工单号 工单代码 ticketnumber complaintid complaintno complaintnumber requestid
    servicerequestid
  `),
  title: words(`
    标题 主题 诉求标题 工单标题 留言主题 留言标题 信件标题 信件主题 来信标题 来信主题 投诉标题 投诉主题
    事件标题 案件标题 问题标题 事项标题 诉求主题 工单主题 事项名称 反映主题 诉求摘要 工单名称 事件名称
    诉求名称 案件名称 投诉名称 事件主题 事项主题 问题主题 内容标题 信访主题 诉求概要 问题概要 诉求简要
    简要描述 问题简要 诉求题目 题目 标题名称 来电主题 来电标题 内容主题 咨询标题 举报标题 简要内容 摘要
    title subject
  `),
  body: words(`
    诉求内容 诉求描述 诉求详情 诉求具体内容 主要诉求 投诉件内容 投诉内容 投诉详情 工单内容 工单描述
    工单详情 来电内容 来信内容 来件内容 信件内容 信件正文 留言内容 留言详情 留言正文 问题描述 问题内容
    问题详情 反映内容 反映问题 反映情况 反映事项 事件描述 事件内容 事件详情 事项内容 事项描述 案件描述
    案件内容 受理内容 登记内容 咨询内容 举报内容 求助内容 建议内容 表扬内容 具体内容 详细内容 详细描述
    内容描述 内容详情 主要内容 诉求情况 诉求简述 诉求问题 诉求问题描述 诉求主要内容 投诉情况 投诉描述
    投诉事项 来电描述 来电详情 来电诉求 来电事由 信访内容 信访事项 工单正文 事件简述 事件情况
    事件详细描述 问题简述 问题详细描述 反映问题描述 反映问题内容 反映的问题 案情描述 求助描述 咨询问题
    诉求内容描述 诉求详细内容 诉求详细描述 诉求人反映内容 诉求原文 诉求说明 工单具体内容 工单详细内容
    工单内容描述 问题详细情况 问题情况 问题说明 问题反映 来电反映内容 来电人诉求 来电人反映内容 来访内容
    市民反映内容 市民反映 群众诉求 群众诉求内容 群众反映内容 群众反映问题 反映的内容 反映具体内容
    反映诉求 反映主要内容 投诉举报内容 投诉具体内容 事件内容描述 事件详细内容 事件概述 案件详情 受理详情
    通话内容 内容详述 具体事项 需求描述 报修内容 故障描述 留言 内容概述 内容摘要 详细情况 具体诉求
    具体问题 具体描述 市民诉求 诉求事项 事由 诉求 内容 正文 描述 详情 content description body details
    text message 客户诉求 客户诉求内容 客户反映内容 用户诉求 居民诉求 业主诉求 企业诉求 企业诉求内容
    网民留言 网友留言 诉求正文 反映问题详情 反映问题详细内容 问题概述 投诉问题 投诉详细内容 举报详情 举报事项
    求助事项 求助详情 咨询详情 咨询事项 咨询问题内容 建议详情 工单诉求内容 工单内容详情 案情 案情简介 案情摘要
    事件经过 情况描述 complaint complainttext complaintcontent complaintdescription complaintdetails
    issuedescription problemdescription requestdescription
  `),
  reporterName: words(`
    诉求人 诉求人姓名 来电人 来电人姓名 来电者 来电者姓名 来信人 来信人姓名 联系人 联系人姓名 投诉人
    投诉人姓名 举报人 举报人姓名 反映人 反映人姓名 反应人 市民姓名 市民 群众姓名 客户姓名 客户名称
    用户姓名 写信人 写信人姓名 留言人 留言人姓名 留言用户 申请人 申请人姓名 报料人 求助人 咨询人 诉求者
    诉求人名称 诉求市民 诉求群众 来话人 呼叫人 反映者 投诉者 申诉人 留言者 写信者 求助者 咨询者 提交人
    发帖人 发布人 信访人 信访人姓名 报修人 报案人 来话人姓名 报修人姓名 报案人姓名 反映人名称 反应人姓名
    提问人 投诉举报人 来电群众 来电市民 求助人姓名 咨询人姓名 市民称呼 来电人称呼 诉求人称呼
    联系人名称 群众 居民姓名 用户名 用户昵称 用户名称 本人姓名 真实姓名 网友 网友昵称 昵称 姓名 称呼 居民
    来电人及电话 来电人及联系电话 来电人及联系方式 诉求人及电话 诉求人及联系电话 诉求人及联系方式 反映人及电话
    反映人及联系电话 反映人及联系方式 投诉人及电话 投诉人及联系电话 投诉人及联系方式 联系人及电话 联系人及联系电话
    联系人及联系方式 姓名及电话 姓名及联系电话 姓名及联系方式 姓名/电话 姓名/联系电话 姓名电话
    业主 name reporter caller contact contactname callername customername reportername
    来电客户 诉求联系人 complainant complainantname citizenname fullname
  `),
  phone: words(`
    联系电话 联系电话1 联系电话2 诉求人电话 诉求人联系电话 诉求人联系方式 来电号码 来电电话 主叫号码
    主叫电话 主叫 来电人电话 来电人号码 来电人联系方式 来电人联系电话 手机号 手机号码 手机 移动电话
    诉求人手机 诉求人手机号 诉求人手机号码 诉求人号码 诉求人联系号码 诉求电话 诉求号码 来电人手机
    来电人手机号 来电手机 来电手机号 来话号码 呼入号码 呼入电话 联系人号码 联系人手机号 联系人手机号码
    联系手机号 联系电话号码 投诉人手机 投诉人手机号 投诉人号码 举报人联系电话 举报人联系方式 反映人手机
    反映人手机号 反映人号码 市民手机 市民手机号 市民联系方式 群众电话 群众联系电话 群众联系方式 客户手机
    客户联系电话 客户联系方式 用户手机 用户手机号 申请人电话 申请人联系电话 申请人联系方式 申请人手机
    求助人电话 求助人联系电话 咨询人电话 咨询人联系电话 信访人电话 信访人联系电话 写信人电话
    写信人联系电话 来信人电话 来信人联系电话 留言人电话 留言人联系电话 网友电话 本人电话 来电电话号码
    来话电话 电话号 手机电话 诉求人电话号码 来电人电话号码 联系电话/手机 电话/手机 手机/电话 市民电话号码
    投诉人电话号码 反映人电话号码 反映人联系号码 举报人电话号码 举报人手机号 写信人手机 留言人手机
    咨询人手机 信访人手机 客户手机号 客户手机号码 用户联系电话 联络电话 联系电话3 手机1 手机号1
    报修电话 报修人电话 求助电话 主叫手机 联系方式 联系号码 联系手机 联系人电话 联系人手机 联系人联系方式
    投诉人电话 投诉人联系电话 投诉人联系方式 举报人电话 反映人电话 反映人联系电话 反映人联系方式 市民电话
    市民号码 市民联系电话 客户电话 客户号码 用户电话 电话号码 电话 其他联系方式 其他联系电话 备用电话
    备用号码 回访电话 回访联系电话 回访联系方式 回访手机 回访手机号 回访手机号码 回访号码 座机 固定电话 固话
    用户号码 phone mobile tel telephone phonenumber callernumber callerphone phoneno mobilephone contactphone
    客户来电号码 来电显示号码 来电显示 主叫电话号码 诉求联系电话 手机/固话 cellphone contactnumber mobilenumber
    telephonenumber
  `),
  email: words(`
    电子邮箱 电子邮件 电邮 市民邮箱 用户邮箱 联系人电子邮箱 邮箱 邮箱地址 邮件地址 联系邮箱 电子邮箱地址
    诉求人邮箱 联系人邮箱 写信人邮箱 来信人邮箱 email e-mail mail
  `),
  wechatId: words('微信号 微信 微信ID 微信账号 openid wechat wechatid'),
  anonymous: words(`
    匿名(1)/实名(0) 匿名/实名 实名/匿名 是否匿名 匿名标识 是否匿名举报 身份保密 要求保密 是否要求保密
    是否需要保密 是否对外保密 是否保密身份 是否隐藏身份 是否公开身份 信息是否保密 个人信息是否保密
    来电人是否保密 来电人信息保密 诉求人是否保密 匿名 是否实名 是否保密 是否公开姓名 信息保密 保密
    anonymous
  `),
  submittedAt: words(`
    诉求时间 诉求日期 诉求提交时间 来电时间 来电日期 来信时间 来信日期 来件时间 留言时间 留言日期
    投诉时间 投诉日期 反映时间 反映日期 提交时间 提交日期 写信时间 写信日期 发布时间 发表时间 咨询时间
    举报时间 呼入时间 上报时间 诉求提出时间 诉求登记时间 来话时间 来访时间 呼叫时间 通话时间 拨打时间
    接通时间 提出时间 提交的时间 申请时间 申请日期 发起时间 发布日期 上报日期 报案时间 举报日期 咨询日期
    信访时间 信访日期 留言提交时间 问题提交时间 投诉提交时间 来话日期 投诉日期时间 诉求发起时间 进线时间
    呼入日期 求助时间 求助日期 建议时间 报修时间 发帖时间 提问时间 时间 日期 submittedat createdat
    createtime submittime time date submitdate createdate requestdate calltime datetime
    来电开始时间 呼入开始时间 呼叫开始时间 通话开始时间 createddate datecreated complaintdate reportdate
    reporteddate requesteddatetime
  `),
  receivedAt: words(`
    受理时间 受理日期 登记时间 登记日期 创建时间 创建日期 工单创建时间 生成时间 建单时间 立案时间
    录入时间 录入日期 接收时间 收件时间 收到时间 接单时间 接听时间 派单时间 派发时间 转办时间 交办时间
    受理登记时间 工单生成时间 工单登记时间 工单受理时间 工单提交时间 工单时间 收单时间 受单时间 生成日期
    接单日期 收到日期 收件日期 派单日期 派发日期 下派时间 下派日期 分派时间 转派时间 转办日期 交办日期
    流转时间 受理日期时间 入库时间 建单日期 立案日期 生成工单时间 工单派发时间 录单时间 接件时间 受件时间
    接收日期 转单时间 签收时间 工单日期 工单创建日期 开单时间 下单时间 receivedat accepttime
    诉求受理时间 诉求创建时间 来信登记时间 工单派单时间 receiveddate datereceived
  `),
  occurredAt: words(`
    发生时间 事发时间 事件发生时间 事发日期 发生日期 问题发生时间 事件时间 事件发生日期 问题发生日期
    案发时间 案发日期 案件发生时间 事故发生时间 occurredat
  `),
  place: words(`
    事发地址 事发地点 诉求地址 诉求地点 诉求发生地 事件地址 事件地点 问题地址 问题地点 问题发生地 发生地址
    发生地点 发生地 案发地址 案件地址 涉及地址 涉及地点 被投诉地址 投诉地址 发生地详细地址 详细地址 具体地址
    具体位置 事发地 事发位置 事件发生地 事件发生地址 事件发生地点 事件位置 诉求位置 诉求详细地址
    诉求发生地址 诉求发生地点 诉求所在地 发生位置 案发地点 案发地 反映地址 反映地点 涉事地址 涉事地点
    涉及位置 问题位置 问题所在地 问题发生地址 问题发生地点 详细地点 详细位置 所在地址 所在位置 投诉地点
    问题详细地址 诉求具体地址 事件具体地址 事件详细地址 事发详细地址 事发具体地址 具体地点 地址信息 地址描述
    被投诉地点 发生详细地址 诉求事发地 反映问题地址 反映问题地点 事故地点 案发位置 位置 位置描述 地点 地址
    问题点位 诉求点位 具体点位 诉求人地址 来电人地址 联系人地址 市民地址 联系地址 家庭地址 住址 诉求人住址
    居住地址 现住址 现住地址 家庭住址 通讯地址 incidentaddress address location place
  `),
  province: words('省 省份 所属省 所在省 所属省份 所在省份 province'),
  city: words('市 城市 地市 所属市 所在市 所属地市 所属城市 所在城市 市州 city'),
  district: words(`
    区划 所属区划 行政区划 行政区 所属行政区 所属区域 所在区域 事发区域 诉求区域 行政区域 所属行政区域
    所属区 所在区 区域名称 区划名称 行政区划名称 涉及区域 涉及区县 诉求区县 诉求所属区域 诉求属地
    问题区县 问题属地 问题区域 事件区县 事件区域 事发地区 区市县 县市 所属县市 所属县市区 所在县市区
    区(市、县) 区(县) 县(区) 所在县区 诉求区划 事发区划 事件区划 区名 县名 区/县 县/区 区、县 区/县/市
    县/市/区 市/县/区 县区名称 行政区名称 地区名称 事发县区 诉求县区 诉求行政区划 诉求归属地 事发行政区
    事发属地 涉及地区 涉事区县 涉事区域 归属区 归属区县 归属地区 事发所在区 属地区县 问题所属区域
    事件所属区 区域 辖区 所属辖区 区县 所属区县 所在区县 县区 县市区 被反映区 所属县区 县(市、区)
    县(市)区 市县区 区县名称 事发区县 区 县 属地 所属地区 所在地区 地区 归属地 归属区域 市(区) district
    county region area 诉求所在区县 诉求所在区域 事发所在区县 问题发生区县 事件属地 行政区县
  `),
  street: words(`
    所属街道 街道 街乡镇 街镇 所属街镇 镇街 所属镇街 乡镇 所属乡镇 乡镇街道 街道乡镇 乡镇/街道 街道/乡镇
    镇(街道) 事发街道 所在街道 所属社区 社区 所属街道社区 所属乡镇街道 所属镇(街道) 所属乡镇(街道)
    乡镇(街道) 街道(乡镇) 所在乡镇 所在社区 事发乡镇 事发社区 街道名称 街道办 街道办事处 街镇名称
    乡镇街道名称 街道/镇 所属镇 事发街镇 诉求街道 诉求街镇 问题街道 涉及街道 属地街道 村居 居委会 村社区
    村(社区) 社区(村) 所属村社区 镇 乡 street town subdistrict
  `),
  lat: words(`
    纬度 坐标纬度 事发纬度 lat latitude 坐标Y Y坐标 纬度坐标 地图纬度
  `),
  lon: words(`
    经度 坐标经度 事发经度 lon lng longitude 坐标X X坐标 经度坐标 地图经度
  `),
  kind: words(`
    诉求类型 诉求类别 诉求性质 诉求目的 性质 工单类型 工单类别 工单性质 业务类型 业务类别 受理类型
    受理类别 来电类型 来电类别 来电性质 信件类型 信件类别 信件性质 留言类型 留言类别 投诉类型 反映类型
    事件性质 事件类型 事项类型 服务类型 问题类型 问题性质 案件类型 件类型 诉求种类 信访类型 信访目的
    工单种类 受理性质 事项性质 投诉类别 投诉性质 反映类别 来话类型 单据类型 办件类型 诉求件类型
    工单类型名称 诉求类型名称 诉求业务类型 业务分类 来电目的 来信类型 反映性质 信访类别 案件性质 留言性质
    类型名称 类型 type kind requesttype
  `),
  channel: words(`
    信息来源 来源渠道 受理渠道 诉求渠道 诉求来源 工单来源 来件渠道 来件来源 来电渠道 信件来源 投诉来源
    投诉渠道 事件来源 案件来源 问题来源 接入渠道 渠道来源 反映渠道 受理方式 来件方式 反映方式 接收渠道
    受理来源 受理途径 登记渠道 提交渠道 提交方式 数据来源 工单渠道 来电来源 来信渠道 反映途径 诉求途径
    诉求方式 来源方式 来源类型 来源途径 渠道名称 渠道类型 办件来源 热线来源 诉求来源渠道 工单来源渠道
    工单受理渠道 热线渠道 诉求受理渠道 诉求提交渠道 事件来源渠道 上报渠道 来件途径 信息渠道 受理平台
    来源平台 平台来源 登记方式 反映来源 渠道 来源 source channel
  `),
  urgency: words(`
    紧急程度 缓急程度 紧急度 紧急级别 紧急类型 是否紧急 工单紧急度 诉求紧急度 事件紧急度 紧急状态
    缓急类型 优先级 工单等级 工单级别 工单紧急程度 重要程度 诉求等级 缓急 急缓程度 轻重缓急 紧急等级
    紧急性 是否加急 加急 工单优先级 诉求紧急程度 事件等级 事件紧急程度 urgency priority
  `),
  category: words(`
    一级分类 二级分类 三级分类 诉求分类 内容分类 问题分类 事项分类 工单分类 事件分类 投诉分类 诉求大类
    诉求小类 归口分类 一级类别 二级类别 三级类别 四级分类 五级分类 诉求一级分类 诉求二级分类 诉求三级分类
    诉求类目 一级事项 二级事项 三级事项 事项大类 事项小类 事件大类 事件小类 案件大类 案件小类 问题大类
    问题小类 大类 小类 所属领域 所属分类 内容大类 内容小类 二级标签 三级标签 分类名称 一级诉求分类
    一级问题分类 问题一级分类 诉求一级类别 事项一级分类 事件一级分类 工单一级分类 内容一级分类 诉求标签
    所属类别 分类 类别 一级标签 诉求领域 领域 问题类别 内容类别 事件类别 专题 标签 行业 category
  `),
  department: words(`
    承办单位 承办部门 主办单位 主办部门 处理部门 处理单位 办理单位 办理部门 责任单位 责任部门 受理单位
    受理部门 转办单位 交办单位 派往单位 派单部门 处置部门 处置单位 答复单位 答复部门 回复单位 回复部门
    牵头单位 接收单位 接办单位 权责单位 主管部门 归口部门 归口单位 承办单位名称 承办机构 承办科室
    主责单位 主责部门 主办处室 经办单位 经办部门 办理科室 办件部门 受理机构 下派单位 分派单位 派单单位
    派发单位 转办部门 交办部门 处置机构 处办单位 涉及部门 涉及单位 职能部门 一级承办单位 二级承办单位
    主办单位名称 责任部门名称 办理单位名称 处理单位名称 承办部门名称 承办方 办理机构 接件单位
    办件单位 处理机构 办理处室 责任科室 职能单位 转派部门 转派单位 派发部门 流转部门 接收部门
    当前处理部门 部门 department agency
  `),
  status: words(`
    工单状态 办理状态 处理状态 办件状态 当前状态 诉求状态 流程状态 案件状态 信件状态 留言状态
    办理情况状态 处置状态 受理状态 办结状态 答复状态 回复状态 反馈状态 事件状态 事项状态 流转状态
    工单进度 诉求办理状态 当前办理状态 工单当前状态 处理进度 状态名称 完成状态 结案状态 任务状态 状态
    当前环节 办理进度 status state
  `),
  reply: words(`
    答复意见 答复内容 回复内容 回复意见 办理结果 办理意见 办理情况 办理反馈 办结意见 处理结果 处理意见
    处理情况 处置结果 处置情况 反馈内容 反馈意见 反馈结果 承办意见 承办结果 官方回复 部门回复 单位回复
    处理答复 处理回复 处理反馈 处理内容 处置意见 处置内容 处置反馈 办理答复 办理回复 办理内容
    办理结果反馈 办结内容 办结结果 办结情况 办结答复 答复情况 回复情况 反馈情况 结果反馈 结案意见
    最终答复 官方答复 部门答复 单位答复 处理情况说明 处理结果描述 处理结果反馈 处理经过 办理情况说明
    办理结果说明 办理结果描述 办理回复内容 办理经过 办理过程 处置结果说明 结案内容 部门答复内容
    部门回复内容 单位回复内容 最终处理结果 承办单位意见 承办单位答复 承办部门意见 答复 回复 答复结果
    回复结果 reply answer response result
  `),
  repliedAt: words(`
    答复时间 答复日期 回复时间 回复日期 办结时间 办结日期 办理时间 办理完成时间 处理时间 处理完成时间
    反馈时间 完成时间 结案时间 归档时间 处置时间 处置完成时间 结单时间 完结时间 实际办结时间 实际完成时间
    工单办结时间 办结反馈时间 反馈日期 完成日期 结案日期 归档日期 办理结束时间 办理日期 处理结束时间
    处理日期 处置日期 答复完成时间 办毕时间 办件完成时间 工单办结日期 工单完成时间 工单完结时间
    工单结束时间 工单结案时间 回单时间 repliedat replytime closedat
  `),
  url: words('链接 网址 链接地址 原文链接 详情链接 页面地址 来源链接 网页链接 url link'),
}

/** Other columns that such exports are known to have: they mark a header row and stay unmapped. */
const otherNames: readonly string[] = words(`
  转处理次数 回访结果 回访情况 回访时间 满意度 是否满意 满意情况 办理期限 截止时间 办结期限
  是否超期 是否逾期 受理人 受理员 接线员 坐席 坐席工号 话务员 工号 登记人 录入人 经办人 承办人
  处理人 性别 年龄 证件号码 身份证号 备注 附件 是否公开 是否回访 督办 是否督办 协办单位 退单次数
  派单次数 办理时限 处理时限 河流 网格 网格编号 年份 月份
`)

/** Columns that say nothing of the report itself, as the export adds them anew each time. */
export const volatileNames: readonly string[] = words(`
  序号 行号 序列 排序 No No. # index Unnamed:0 row 导出时间 导出日期 打印时间 选择
`)

const sum =
  /^(?:本页|本表|本月|本周|本日|全部|工单|记录)?(?:合计|总计|小计|共计|累计|总数)\d*[件条宗个单]?$|^共\d+[件条宗个单]?(?:记录|数据|工单)?$|^(?:sub|grand)?total\d*$/

/** Whether a row that begins with this cell is a sum of the rows above it, and no report. */
export function isSumWord(cell: unknown): boolean {
  return typeof cell === 'string' && cell.length <= 30 && sum.test(columnKey(cell))
}

/** Longer cells name no column, and may have been made to keep the program busy. */
const maxNameLength = 1000

/** A header text as it is compared: width folded, lower case, without spaces, marks and quotes. */
export function columnKey(header: string): string {
  return header
    .slice(0, maxNameLength)
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_*:="'“”‘’\u200b\ufeff]+/gu, '')
    .replace(/[.。]$/u, '')
}

const remark = /[([【〔{]([^()[\]【】〔〕{}]*)[)\]】〕}]/gu

/** The key without bracketed remarks: `联系电话(必填)` as `联系电话`. */
function bareKey(key: string): string {
  return key.replace(remark, '')
}

/** Names that fit whoever is spoken of: 姓名, 联系电话, 详细地址, 姓名/电话. */
const plainName =
  /^(?:姓名|名称|称呼|联[系络]人?|方式|电话|手机|移动|固定|座机|号码?|微信|(?:电子)?邮箱|时间|日期|详细|具体|地[址点]|位置|内容|详情|描述|正文|标题|编号|单号|[及/\d])+$/
/** Those who did not write the report, and what came after it. */
const notOfReport = new RegExp(
  '^(?:被.{1,6}|(?:投诉|举报|反映)对象|(?:承办|主办|协办|经办|办理|办结|处理|处置|处办|答复|回复|回访|反馈|派单|转办|交办|责任|坐席|座席|话务|' +
    '接线|登记人|受理人|录入人|商家|物业)(?:者|方|人员?|员|单位|部门|科室|公司|机构)?)$',
)
/** What stands behind them, or behind whoever reports: 诉求人基本信息. */
const about = /(?:基本|详细)?(?:信息|情况|结果|资料)$/

const builtIn: ReadonlyMap<string, { readonly field: HotlineField; readonly rank: number }> = new Map(
  hotlineFields.flatMap((field) =>
    hotlineSynonyms[field].map((name, rank) => [columnKey(name), { field, rank }] as const),
  ),
)
const others: ReadonlySet<string> = new Set([...otherNames, ...volatileNames].map(columnKey))
/** Names of the id that clerks also give to a mere running number; its values decide whether it is one. */
const weakIds: ReadonlySet<string> = new Set(['编号', 'ID', '单号', '件号'].map(columnKey))

/**
 * The field that a header names by a built-in synonym, and how good a name it is (0 is best); null when none.
 * 时间(办结) is 办结时间, and 姓名(被投诉人) is no name of who reports.
 */
function builtInField(header: string): { readonly field: HotlineField; readonly rank: number } | null {
  const key = columnKey(header)
  const bare = bareKey(key)
  if (bare === key) return builtIn.get(key) ?? null
  const remarks = [...key.matchAll(remark)].map(([, said]) => said).join('')
  const whose = remarks.replace(about, '')
  const full = builtIn.get(key) ?? builtIn.get(`${whose}${bare}`)
  if (full !== undefined) return full
  const plain = builtIn.get(bare) ?? null
  // Where the accused is, it happened.
  const isItsPlace = plain?.field === 'place' && /^(?:被|商家|物业|..对象)/.test(whose)
  return plainName.test(bare) && notOfReport.test(whose) && !isItsPlace ? null : plain
}

/** A name with the group above it, `姓名（被投诉人）`, where that makes another column of it; else the name alone. */
export function nameInGroup(name: string, group: string): string {
  const key = columnKey(group)
  const whose = bareKey(key) || key.replace(/[^\p{L}\p{N}]/gu, '')
  const grouped = `${name}（${whose}）`
  const [alone, inGroup] = [builtInField(name), builtInField(grouped)]
  // 诉求人地址 is where somebody lives.
  const isHome = inGroup?.field === 'place' && inGroup.rank > (alone?.rank ?? 0)
  return inGroup?.field === alone?.field && !isHome ? name : grouped
}

const contact = /^联[系络]人(?:姓名|名称)?$/
const officer = /^(?:承办|经办|办理|处理|处置|责任)人员?$/
const accused =
  /^(?:被.{1,4}(?:[人者方]|单位|企业|商家|商户|公司|机构|部门|主体|对象)|(?:投诉|举报|反映)对象|被(?:投诉|举报)地[址点])(?:名称|姓名|地[址点])?$/
const reachable: ReadonlySet<HotlineField | null> = new Set<HotlineField>(['phone', 'email', 'wechatId'])

/**
 * The names of a table's columns from left to right, where 联系人 and its 联系电话 behind 承办单位 or 被投诉人 are
 * marked as theirs, 联系人（被投诉人）, and so is 联系电话 behind 承办人. Only in the same group, and only where others,
 * such as 诉求人 and 来电号码, are of the reporter; else they may be, too.
 */
export function nameOthers(
  names: readonly string[],
  groups: readonly unknown[],
  columns: HotlineColumns,
): readonly string[] {
  const configured = new Set(
    named(
      names,
      Object.values(columns).flatMap((of) => of ?? []),
    ),
  )
  const mapped = new Map(
    [...mapHotlineColumns(names, columns)].flatMap(([field, of]) => of.map((name) => [name, field] as const)),
  )
  const fields = names.map((name) => mapped.get(name) ?? builtInField(name)?.field ?? null)
  const keys = names.map(columnKey)
  const isReporterNamed = fields.some(
    (field, index) => field === 'reporterName' && !contact.test(keys[index] ?? ''),
  )
  const whose = new Map<number, string>()
  for (const [index, key] of keys.entries()) {
    if (configured.has(names[index] ?? '') || groups[index] !== groups[index - 1]) continue
    const before = bareKey(keys[index - 1] ?? '')
    const isReached = reachable.has(fields[index] ?? null) && plainName.test(key)
    if (!isReached && !(contact.test(key) && isReporterNamed)) continue
    // Behind who took the report in, 受理单位, may stand whose it is.
    const isInCharge = fields[index - 1] === 'department' && !before.startsWith('受理')
    if (accused.test(before)) whose.set(index, '被投诉人')
    else if (isReached && officer.test(before)) whose.set(index, before)
    else if (isReached && whose.has(index - 1)) whose.set(index, whose.get(index - 1) ?? '')
    else if (!isReached && isInCharge) whose.set(index, '承办单位')
  }
  const hasOther = (field: HotlineField | null | undefined) =>
    fields.some((one, index) => one === field && !whose.has(index))
  return names.map((name, index) => {
    const owner = whose.get(index)
    return owner !== undefined && hasOther(fields[index]) ? `${name}（${owner}）` : name
  })
}

/** Whether this text is known as a column's name, mapped or not. */
export function isKnownColumn(header: string): boolean {
  const bare = bareKey(columnKey(header))
  return builtInField(header) !== null || builtIn.has(bare) || others.has(bare)
}

/** Whether this name may be a mere running number. */
export function isWeakIdName(header: string): boolean {
  return weakIds.has(columnKey(header))
}

/** Fields for which columns are configured of which a file has none, with the names that it lacks. */
export function absentColumns(
  headers: readonly string[],
  configured: HotlineColumns,
): ReadonlyMap<HotlineField, readonly string[]> {
  return new Map(
    hotlineFields.flatMap((field) => {
      const names = [configured[field] ?? []].flat()
      return names.length === 0 || named(headers, names).length > 0 ? [] : [[field, names] as const]
    }),
  )
}

function named(headers: readonly string[], names: readonly string[]): readonly string[] {
  const found = names.flatMap((name) => headers.filter((header) => columnKey(header) === columnKey(name)))
  return [...new Set(found)]
}

/**
 * Which columns carry which field, best name first. A field with configured names takes these in place of the
 * built-in ones; where a file has none of them, see {@link absentColumns}, the built-in ones count after all.
 * A header goes to the first field that claims it.
 */
export function mapHotlineColumns(
  headers: readonly string[],
  configured: HotlineColumns,
): ReadonlyMap<HotlineField, readonly string[]> {
  const absent = absentColumns(headers, configured)
  const mapped = new Map<HotlineField, readonly string[]>()
  const taken = new Set<string>()
  for (const field of hotlineFields) {
    if (configured[field] === undefined) continue
    const found = named(headers, [configured[field]].flat())
    // Numbers of another column may belong to other reports; without any, rows are known by their cells.
    if (absent.has(field) && field !== 'id') continue
    for (const header of found) taken.add(header)
    mapped.set(field, found)
  }
  const free = headers
    .filter((header) => !taken.has(header))
    .flatMap((header) => {
      const hit = builtInField(header)
      return hit === null || mapped.has(hit.field) ? [] : [{ header, ...hit }]
    })
    .toSorted((a, b) => a.rank - b.rank)
  for (const field of hotlineFields) {
    const found = free.filter((hit) => hit.field === field).map((hit) => hit.header)
    if (found.length > 0) mapped.set(field, found)
  }
  return mapped
}
