import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { stopwatch } from '../../config/testing/stopwatch.ts'
import customary from './customary-names.json' with { type: 'json' }
import { divisionNames, divisionOf, divisionsNamed } from './divisions.ts'
import former from './former-divisions.json' with { type: 'json' }
import { type PlaceCells, readPlace } from './place.ts'

const noCells: PlaceCells = {
  place: null,
  province: null,
  city: null,
  district: null,
  street: null,
  lat: null,
  lon: null,
}

function read(cells: Partial<PlaceCells>, text = '', home: string | null = null) {
  const { place, notes } = readPlace({ ...noCells, ...cells }, text, home)
  const names = [place.province, place.city, place.district, place.street]
    .map((name) => name ?? '-')
    .join(' ')
  return { code: place.code, names, method: place.method, notes }
}

describe('the list of divisions', () => {
  test('tells where a former division is now, if it names no present one of the same place', () => {
    const named = (name: string) => divisionsNamed(name).map((division) => division.code)
    expect(named('闸北区')).toEqual(['310106'])
    expect(named('海门市')).toEqual(['320614'])
    expect(named('江干区')).toEqual(['330100'])
    expect(named('清河区')).toEqual(['211204', '320812'])
    expect(named('库车县')).toEqual(['652902'])
    expect(named('五营区')).toEqual(['230724'])
    expect(named('邯郸县')).toEqual(['130400'])
  })

  test('has a present division for every former and customary name', () => {
    expect(
      [...former, ...customary].filter(
        (entry) => !divisionsNamed(entry.slice(6)).some(({ code }) => entry.startsWith(code)),
      ),
    ).toEqual([])
  })

  test('has every province, and codes whose parents are there', () => {
    expect(divisionOf('710000')?.name).toBe('台湾省')
    expect(divisionOf('350102')?.parents.map(({ name }) => name)).toEqual(['福建省', '福州市'])
    expect(divisionOf('429004')?.parents.map(({ name }) => name)).toEqual(['湖北省'])
    expect(divisionOf('110100')).toBeNull()
  })

  test.each([
    ['福州', ['350100']],
    ['恩施州', ['422800']],
    ['内蒙古', ['150000']],
    ['景宁县', ['331127']],
    ['浦东', ['310115']],
    ['碑林', ['610103']],
    ['神农架', ['429021']],
    ['阜蒙县', ['210921']],
    ['颖上县', ['341226']],
    ['吉林', ['220000', '220200']],
    ['鼓楼区', ['320106', '320302', '350102', '410204']],
  ])('%s names %j', (name, codes) => {
    expect(divisionsNamed(name).map(({ code }) => code)).toEqual(codes)
  })
})

describe('columns', () => {
  test.each<[Partial<PlaceCells>, string | null, string | null, string]>([
    [{ district: '福州市鼓楼区' }, null, '350102', '福建省 福州市 鼓楼区 -'],
    [{ city: '福州', district: '鼓楼' }, null, '350102', '福建省 福州市 鼓楼区 -'],
    [{ province: '福建', city: '福州', district: '鼓楼' }, null, '350102', '福建省 福州市 鼓楼区 -'],
    [{ district: '鼓楼区' }, '350100', '350102', '福建省 福州市 鼓楼区 -'],
    [{ district: '鼓楼' }, '350000', '350102', '福建省 福州市 鼓楼区 -'],
    [{ district: ' 鼓楼区 ' }, '320300', '320302', '江苏省 徐州市 鼓楼区 -'],
    [{ district: '350102' }, null, '350102', '福建省 福州市 鼓楼区 -'],
    [{ district: '350199' }, null, '350100', '福建省 福州市 - -'],
    [{ district: '359999' }, null, '350000', '福建省 - - -'],
    [{ district: '350102001' }, null, '350102', '福建省 福州市 鼓楼区 -'],
    [{ district: '晋城市,城区' }, null, '140502', '山西省 晋城市 城区 -'],
    [{ province: '海南' }, null, '460000', '海南省 - - -'],
    [{ place: '福州市鼓楼区江苏省驻闽办事处' }, null, '350102', '福建省 福州市 鼓楼区 -'],
    [{ place: '闽侯县海峡滨江新区南屿镇' }, null, '350121', '福建省 福州市 闽侯县 南屿镇'],
    [{ place: '闽侯县海西高新区上街镇' }, null, '350121', '福建省 福州市 闽侯县 上街镇'],
    [{ place: '闽侯县青口工业园区尚干镇' }, null, '350121', '福建省 福州市 闽侯县 尚干镇'],
    [{ district: '350102.0' }, null, '350102', '福建省 福州市 鼓楼区 -'],
    [{ district: '鼓\u200b楼区' }, '350100', '350102', '福建省 福州市 鼓楼区 -'],
    [{ place: '福\u200b州市鼓\u200b楼区' }, null, '350102', '福建省 福州市 鼓楼区 -'],
    [{ place: '河北省/石家庄市/赵县/人民路' }, null, '130133', '河北省 石家庄市 赵县 -'],
    [{ place: '山西省-晋城市-城区-人民路' }, null, '140502', '山西省 晋城市 城区 -'],
    [{ place: '福州市仓山区金山' }, null, '350104', '福建省 福州市 仓山区 -'],
    [{ place: '南京市河西' }, null, '320100', '江苏省 南京市 - -'],
    [{ district: '晋城市/城区' }, null, '140502', '山西省 晋城市 城区 -'],
    [{ province: '吉林' }, null, '220000', '吉林省 - - -'],
    [{ place: '石家庄市桥东区中山路' }, null, '130100', '河北省 石家庄市 - -'],
    [{ place: '闽侯县高新区上街镇' }, null, '350121', '福建省 福州市 闽侯县 上街镇'],
    [{ place: '闽侯县青口开发区尚干镇' }, null, '350121', '福建省 福州市 闽侯县 尚干镇'],
    [{ place: '闽侯县滨江新区南屿镇' }, null, '350121', '福建省 福州市 闽侯县 南屿镇'],
    [{ place: '闽侯县软件园区小箬乡' }, null, '350121', '福建省 福州市 闽侯县 小箬乡'],
    [{ place: '四子王旗脑木更苏木' }, null, '150929', '内蒙古自治区 乌兰察布市 四子王旗 脑木更苏木'],
    [{ place: '厦门市新安区民安镇' }, null, '350200', '福建省 厦门市 - 民安镇'],
    [{ place: '鼓楼区八一街道上' }, '350100', '350102', '福建省 福州市 鼓楼区 -'],
    [{ place: '鼓楼区西二环街道' }, '350100', '350102', '福建省 福州市 鼓楼区 -'],
    [{ place: '闽侯县老城镇' }, null, '350121', '福建省 福州市 闽侯县 -'],
    [{ place: '闽侯县大古镇' }, null, '350121', '福建省 福州市 闽侯县 -'],
    [{ place: '梅峰路1号' }, null, null, '- - - -'],
    [{ district: '350102001000' }, null, '350102', '福建省 福州市 鼓楼区 -'],
    [{ district: '350199' }, null, '350100', '福建省 福州市 - -'],
    [{ place: '福建省福州市鼓楼区五凤街道梅峰路1号' }, null, '350102', '福建省 福州市 鼓楼区 五凤街道'],
    [{ place: '福州鼓楼区杨桥东路' }, null, '350102', '福建省 福州市 鼓楼区 -'],
    [{ place: '福建/福州/鼓楼' }, null, '350102', '福建省 福州市 鼓楼区 -'],
    [{ district: '鼓楼区', place: '五凤街道梅峰路1号' }, '350100', '350102', '福建省 福州市 鼓楼区 五凤街道'],
    [{ city: '福州市', place: '鼓楼区梅峰路' }, null, '350102', '福建省 福州市 鼓楼区 -'],
    [{ city: '北京市', district: '市辖区' }, null, '110000', '北京市 北京市 - -'],
    [{ place: '北京市朝阳区望京街道' }, null, '110105', '北京市 北京市 朝阳区 望京街道'],
    [{ district: '重庆市忠县' }, null, '500233', '重庆市 重庆市 忠县 -'],
    [{ place: '湖北省仙桃市沙嘴街道' }, null, '429004', '湖北省 - 仙桃市 沙嘴街道'],
    [{ place: '东莞市南城街道鸿福路' }, null, '441900', '广东省 东莞市 - 南城街道'],
    [{ city: '中山市', street: '石岐街道' }, null, '442000', '广东省 中山市 - 石岐街道'],
    [{ province: '吉林', city: '吉林', district: '丰满区' }, null, '220211', '吉林省 吉林市 丰满区 -'],
    [{ province: '海南', city: '海口', district: '龙华' }, null, '460106', '海南省 海口市 龙华区 -'],
    [{ district: '恩施州利川市' }, null, '422802', '湖北省 恩施土家族苗族自治州 利川市 -'],
    [{ place: '和县乌江镇' }, null, '340523', '安徽省 马鞍山市 和县 乌江镇'],
    [{ place: '内蒙古自治区呼和浩特市新城区' }, null, '150102', '内蒙古自治区 呼和浩特市 新城区 -'],
    [{ place: '福州市闽侯上街镇' }, null, '350121', '福建省 福州市 闽侯县 上街镇'],
    [{ place: '闽侯上街镇国宾大道' }, '350100', '350121', '福建省 福州市 闽侯县 上街镇'],
    [{ place: '闽侯上街镇', district: '福州市' }, null, '350121', '福建省 福州市 闽侯县 上街镇'],
    [{ province: '350000', city: '350100', district: '350102' }, null, '350102', '福建省 福州市 鼓楼区 -'],
    [{ province: '110000', city: '110100', district: '110105' }, null, '110105', '北京市 北京市 朝阳区 -'],
    [{ place: '福州市高新区南屿镇' }, null, '350100', '福建省 福州市 - 南屿镇'],
    [{ place: '湖州市南浔区和孚镇工业园区' }, null, '330503', '浙江省 湖州市 南浔区 和孚镇'],
    [{ place: '广东省-广州市-白云区-太和镇' }, null, '440111', '广东省 广州市 白云区 太和镇'],
    [{ place: '浙江省_台州市_椒江区_海门街道' }, null, '331002', '浙江省 台州市 椒江区 海门街道'],
    [{ place: '慈溪市宁波市慈溪市浒山街道' }, null, '330282', '浙江省 宁波市 慈溪市 浒山街道'],
    [{ place: '宁波江北区江北区洪塘镇' }, null, '330205', '浙江省 宁波市 江北区 洪塘镇'],
    [{ place: '浙江省宁波市奉化市岳林街道' }, null, '330213', '浙江省 宁波市 奉化区 岳林街道'],
    [{ place: '长乐市航城街道' }, '350100', '350112', '福建省 福州市 长乐区 航城街道'],
    [{ district: '海门市' }, null, '320614', '江苏省 南通市 海门区 -'],
    [{ district: '闸北区' }, '310000', '310106', '上海市 上海市 静安区 -'],
    [{ district: '江干区', place: '江干区九堡镇' }, null, '330100', '浙江省 杭州市 - 九堡镇'],
    [{ place: '石家庄市桥东区中山东路' }, null, '130100', '河北省 石家庄市 - -'],
    [{ place: '邢台市桥西区钢铁北路' }, null, '130503', '河北省 邢台市 信都区 -'],
    [{ place: '浙江省-杭州市-江干区凯旋街道' }, null, '330100', '浙江省 杭州市 - 凯旋街道'],
    [{ place: '浙江省台州市玉环县玉环县玉城街道' }, null, '331083', '浙江省 台州市 玉环市 玉城街道'],
    [{ city: '福州', district: '高新区' }, null, '350100', '福建省 福州市 - -'],
    [{ province: '四川', city: '成都', district: '天府新区' }, null, '510100', '四川省 成都市 - -'],
    [{ city: '上海', district: '闸北' }, null, '310000', '上海市 上海市 - -'],
    [{ place: '温州清江镇鲤龙路' }, null, '330300', '浙江省 温州市 - 清江镇'],
    [{ place: '宁波观海卫镇' }, null, '330200', '浙江省 宁波市 - 观海卫镇'],
    [{ place: '浙江瑞安上望镇' }, null, '330381', '浙江省 温州市 瑞安市 上望镇'],
    [{ place: '东莞虎门镇' }, null, '441900', '广东省 东莞市 - 虎门镇'],
    [{ place: '广东中山小榄镇' }, null, '442000', '广东省 中山市 - 小榄镇'],
    [{ place: '东莞长安镇振安路' }, '441900', '441900', '广东省 东莞市 - 长安镇'],
    [{ place: '温州瑞安上望镇北隅村' }, null, '330381', '浙江省 温州市 瑞安市 上望镇'],
    [{ place: '上海松江新桥镇民强路' }, null, '310117', '上海市 上海市 松江区 新桥镇'],
    [{ place: '浙江省金华义乌北苑街道' }, null, '330782', '浙江省 金华市 义乌市 北苑街道'],
    [{ place: '浙江湖州南浔东马路' }, null, '330503', '浙江省 湖州市 南浔区 -'],
    [{ place: '杭州萧山金城路478号' }, null, '330109', '浙江省 杭州市 萧山区 -'],
    [{ place: '深圳市龙岗爱联嶂背一村' }, null, '440307', '广东省 深圳市 龙岗区 -'],
    [{ place: '浙江省宁波民安路1196号' }, null, '330200', '浙江省 宁波市 - -'],
    [{ place: '福建福州人民路12号' }, null, '350100', '福建省 福州市 - -'],
    [{ place: '浙江省宁波江北宁慈东路593号' }, null, '330200', '浙江省 宁波市 - -'],
    [{ place: '浙江省金华横店镇东永路' }, null, '330700', '浙江省 金华市 - 横店镇'],
    [{ place: '吉林昌邑人民路12号' }, null, '220202', '吉林省 吉林市 昌邑区 -'],
    [{ place: '福 建 省 福 州 市 鼓 楼 区 人 民 路 12 号' }, null, '350102', '福建省 福州市 鼓楼区 -'],
    [{ city: '福 州 市', district: '鼓 楼 区' }, null, '350102', '福建省 福州市 鼓楼区 -'],
    [{ place: '福建省南平市政和县人民路' }, null, '350725', '福建省 南平市 政和县 -'],
    [{ place: '济南市中区经四路' }, null, '370103', '山东省 济南市 市中区 -'],
    [{ place: '青岛市北区台东路' }, null, '370203', '山东省 青岛市 市北区 -'],
    [{ place: '河南信阳新县人民路' }, null, '411523', '河南省 信阳市 新县 -'],
    [{ place: '山西吉县人民路' }, null, '141028', '山西省 临汾市 吉县 -'],
    [{ place: '宁夏西吉县人民路' }, null, '640422', '宁夏回族自治区 固原市 西吉县 -'],
    [{ city: '长沙' }, null, '430100', '湖南省 长沙市 - -'],
    [{ province: '湖南', city: '长沙' }, null, '430100', '湖南省 长沙市 - -'],
    [{ province: '辽宁', city: '朝阳' }, null, '211300', '辽宁省 朝阳市 - -'],
    [{ city: '西安' }, null, '610100', '陕西省 西安市 - -'],
    [{ city: '朝阳', district: '双塔' }, null, '211302', '辽宁省 朝阳市 双塔区 -'],
    [{ city: '西安', place: '人民路' }, null, '610100', '陕西省 西安市 - -'],
    [{ city: '海南', district: '共和' }, null, '632521', '青海省 海南藏族自治州 共和县 -'],
    [{ province: '江西', city: '南昌', district: '南昌' }, null, '360121', '江西省 南昌市 南昌县 -'],
    [{ place: '上海市浦东区锦绣路' }, null, '310115', '上海市 上海市 浦东新区 -'],
    [{ place: '辽宁省阜蒙县繁荣大街' }, null, '210921', '辽宁省 阜新市 阜新蒙古族自治县 -'],
    [{ place: '阜阳市颖东区幸福路' }, null, '341203', '安徽省 阜阳市 颍东区 -'],
    [{ place: '伊春市西林区新兴大街' }, null, '230751', '黑龙江省 伊春市 金林区 -'],
    [{ place: '安徽省安庆市枞阳县枞阳镇' }, null, '340722', '安徽省 铜陵市 枞阳县 枞阳镇'],
    [{ city: '安庆市', district: '枞阳县' }, null, '340722', '安徽省 铜陵市 枞阳县 -'],
    [{ city: '安庆市', place: '枞阳县枞阳镇' }, null, '340722', '安徽省 铜陵市 枞阳县 枞阳镇'],
    [{ place: '安徽六安寿县寿春镇' }, null, '340422', '安徽省 淮南市 寿县 寿春镇'],
    [{ place: '六安市寿县寿春镇' }, null, '340422', '安徽省 淮南市 寿县 寿春镇'],
    [{ place: '巢湖市和县乌江镇' }, null, '340523', '安徽省 马鞍山市 和县 乌江镇'],
    [{ place: '巢湖市庐江县' }, null, '340124', '安徽省 合肥市 庐江县 -'],
    [{ place: '巢湖市无为县' }, null, '340281', '安徽省 芜湖市 无为市 -'],
    [{ place: '巢湖市含山县' }, null, '340522', '安徽省 马鞍山市 含山县 -'],
    [{ place: '四平市公主岭市范家屯镇' }, null, '220184', '吉林省 长春市 公主岭市 范家屯镇'],
    [{ place: '资阳市简阳市石桥镇' }, null, '510185', '四川省 成都市 简阳市 石桥镇'],
    [{ place: '巢湖市中庙街道' }, null, '340181', '安徽省 合肥市 巢湖市 中庙街道'],
    [{ place: '新疆阿克苏市新和县东方花园' }, null, '652925', '新疆维吾尔自治区 阿克苏地区 新和县 -'],
    [{ city: '喀什市', district: '莎车县' }, null, '653125', '新疆维吾尔自治区 喀什地区 莎车县 -'],
    [{ place: '温岭城北街道石粘路' }, null, '331081', '浙江省 台州市 温岭市 城北街道'],
    [{ place: '义乌江东街道青岩街' }, null, '330782', '浙江省 金华市 义乌市 江东街道'],
    [{ place: '金华江东街道付余宅路' }, null, '330700', '浙江省 金华市 - 江东街道'],
    [{ place: '湖州市长兴县长兴雉城镇' }, null, '330522', '浙江省 湖州市 长兴县 雉城镇'],
    [{ place: '海宁市浙江海宁马桥街道' }, null, '330481', '浙江省 嘉兴市 海宁市 马桥街道'],
    [{ place: '西湖区浙江转塘镇', city: '杭州' }, null, '330106', '浙江省 杭州市 西湖区 转塘镇'],
    [{ place: '北京市朝阳区朝阳门外街道' }, null, '110105', '北京市 北京市 朝阳区 朝阳门外街道'],
    [{ place: '宿州市萧县浙江省独山港镇' }, null, '341322', '安徽省 宿州市 萧县 -'],
  ])('%j with home %s is %s', (cells, home, code, names) => {
    expect(read(cells, '', home)).toEqual({ code, names, method: 'column', notes: [] })
  })

  test.each([
    [{ district: '鼓楼区' }, null, 'division-ambiguous'],
    [{ district: '鼓楼区' }, '320000', 'division-ambiguous'],
    [{ district: '朝阳' }, null, 'division-ambiguous'],
    [{ district: '第三片区' }, null, 'division-unknown'],
    [{ province: '福建', city: '福州', district: '柯桥区' }, null, 'division-several'],
    [{ place: '广东省东莞市柯桥区虎门镇' }, null, 'division-several'],
    [{ place: '福建省厦门市翔安区浙江省杭州市建德市新安路' }, null, 'division-several'],
  ])('%j with home %s stays open: %s', (cells, home, note) => {
    expect(read(cells, '', home)).toMatchObject({ code: null, names: '- - - -', notes: [note] })
  })

  test.each([
    [{ district: '南京市鼓楼区', place: '苏州市姑苏区示例路1号' }, '320106', ['division-several']],
    [{ district: '闽侯县', place: '福州市仓山区示例路1号' }, '350121', ['division-several']],
    [{ city: '福州', place: '柯桥区示例路1号' }, '350100', ['division-several']],
    [{ city: '福州市', place: '南京市鼓楼区' }, '350100', ['division-several']],
    [{ city: '福州市', district: '仓山区', place: '鼓楼区五四路' }, '350104', ['division-several']],
    [{ district: '闽侯县', place: '福州市示例路1号' }, '350121', []],
    [{ district: '北京市朝阳区', place: '朝阳区示例路1号' }, '110105', []],
    [{ district: '南京市鼓楼区', place: '鼓楼区示例路1号' }, '320106', []],
  ])('of %j the columns count, with a note where the address names another place', (cells, code, notes) => {
    expect(read(cells, '', null)).toMatchObject({ code, notes })
  })

  test.each([
    ['北京朝阳北路'],
    ['福州长乐北路'],
    ['西安长安大街'],
    ['福州晋安河边'],
    ['广州白云机场'],
    ['沈阳和平里'],
    ['南京西路100号'],
    ['石家庄长安公园'],
    ['中山公园街道'],
    ['广安门内街道'],
    ['北京站街道'],
    ['南京东路街道'],
    ['浙江瑞安人民路'],
    ['中山东一路街道'],
    ['常德城区的路'],
    ['费县路12号'],
    ['莘县路与冠县路交叉口'],
    ['义乌国际商贸城'],
    ['鼓楼五凤街道'],
    ['长安门外街道'],
    ['福州江滨路'],
  ])('%s names no division by a name that goes on', (place) => {
    expect(read({ place }).code).toBeNull()
  })

  test.each(
    '大桥 大厦 大学 小学 中学 机场 火车站 车站 医院 公园 广场 水库 隧道 高架 高速 立交 国际 商场 商城 商厦 商会 大酒店 酒店 宾馆 新村 花园 小区 家园 公寓 银行'.split(
      ' ',
    ),
  )('what is called 福州闽侯%s may lie outside of 闽侯县, as may its like outside of 福州市', (named) => {
    expect(read({ place: `福建福州闽侯${named}` }).code).toBe('350100')
    expect(read({ place: `福建福州${named}` }).code).toBeNull()
  })

  test.each([
    ['闽侯那边的路', '350100'],
    ['西安新城那边', null],
    ['东莞那边', null],
  ])(
    '%s with home %s names no division by a short name, as neither what is before it nor a town says so',
    (place, home) => {
      expect(read({ place }, '', home).code).toBeNull()
    },
  )

  test.each(
    '市辖区 县 市本级 市直 省本级 省直 全市 全省 其他 其它 未知 不详 无 - 省直辖县级行政区划'.split(' '),
  )('the district %s says nothing of a place', (district) => {
    expect(readPlace({ ...noCells, district }, '', null)).toMatchObject({ place: { text: null }, notes: [] })
  })

  test('an address between two districts gives what they share', () => {
    expect(read({ place: '鼓楼区与仓山区交界' }, '', '350100')).toMatchObject({
      code: '350100',
      notes: ['division-several'],
    })
  })

  test.each([
    ['东 街口1号', '东 街口1号'],
    ['五四路 恒力大厦', '五四路 恒力大厦'],
    ['福 州 市 人 民 路 12 号 A 座', '福州市人民路 12 号 A 座'],
  ])('of %j only what is set wide is drawn together', (place, text) => {
    expect(readPlace({ ...noCells, place }, '', null).place.text).toBe(text)
  })

  test('the place keeps the words of the source', () => {
    expect(readPlace({ ...noCells, place: ' 梅峰路１号 ' }, '', null).place.text).toBe('梅峰路1号')
    expect(readPlace({ ...noCells, city: '福州', district: '鼓楼' }, '', null).place.text).toBe('福州 鼓楼')
    expect(readPlace({ ...noCells, city: '西安' }, '', null).place.text).toBe('西安')
  })
})

describe('running text', () => {
  test.each<[string, string | null, string | null, string]>([
    ['南京市鼓楼区湖南路', null, '320106', '江苏省 南京市 鼓楼区 -'],
    ['福州鼓楼区五凤街道有人占道', null, '350102', '福建省 福州市 鼓楼区 五凤街道'],
    ['福州 鼓楼区的路灯', null, '350102', '福建省 福州市 鼓楼区 -'],
    ['鼓楼区湖头街门口', '350100', '350102', '福建省 福州市 鼓楼区 -'],
    ['仓山区建新镇金榕南路', null, '350104', '福建省 福州市 仓山区 建新镇'],
    ['天津市河西区友谊路街道办事处', null, '120103', '天津市 天津市 河西区 友谊路街道'],
    ['河西区那边', '120000', '120103', '天津市 天津市 河西区 -'],
    ['马鞍山市和县乌江镇', null, '340523', '安徽省 马鞍山市 和县 乌江镇'],
    ['鼓楼区的路灯不亮，请南京市尽快处理', null, '320106', '江苏省 南京市 鼓楼区 -'],
    ['福州市政府和市政协', null, '350100', '福建省 福州市 - -'],
    ['投诉福州市的公交', null, '350100', '福建省 福州市 - -'],
    ['仓山区连江南路盖山镇', null, '350104', '福建省 福州市 仓山区 -'],
    ['长沙县星沙镇', null, '430121', '湖南省 长沙市 长沙县 星沙镇'],
    ['奉化市溪口镇的路灯', null, '330213', '浙江省 宁波市 奉化区 溪口镇'],
    ['杭州市江干区下沙街道', null, '330100', '浙江省 杭州市 - 下沙街道'],
    ['贵阳市小河区', null, '520111', '贵州省 贵阳市 花溪区 -'],
    ['河南省开封县', null, '410212', '河南省 开封市 祥符区 -'],
    ['杭州市下沙街道的市民，曾住江干区', null, '330100', '浙江省 杭州市 - 下沙街道'],
    ['我是天津市的市民，住在河西区友谊路', null, '120103', '天津市 天津市 河西区 -'],
    ['住在济南市中区', null, '370103', '山东省 济南市 市中区 -'],
    ['我是四川人，在信阳新县打工', null, '411523', '河南省 信阳市 新县 -'],
    ['我从化州市来', null, '440982', '广东省 茂名市 化州市 -'],
    ['位于洪山区的小区', null, '420111', '湖北省 武汉市 洪山区 -'],
    ['河北海港区的路', null, '130302', '河北省 秦皇岛市 海港区 -'],
    ['去辽宁海城市', null, '210381', '辽宁省 鞍山市 海城市 -'],
    ['在盐城市的路上', null, '320900', '江苏省 盐城市 - -'],
    ['我市南山区的路', '440300', '440305', '广东省 深圳市 南山区 -'],
    ['河源市源城区的路', null, '441602', '广东省 河源市 源城区 -'],
    ['苏州市昆山张浦镇的路灯', null, '320583', '江苏省 苏州市 昆山市 张浦镇'],
    ['福州市闽侯上街镇的路灯', '350100', '350121', '福建省 福州市 闽侯县 上街镇'],
    ['浙江省台州临海上盘镇', null, '331082', '浙江省 台州市 临海市 上盘镇'],
    ['温州市瑞安那边', null, '330300', '浙江省 温州市 - -'],
    ['家在六安市寿县寿春镇', null, '340422', '安徽省 淮南市 寿县 寿春镇'],
    ['家在喀什市莎车县', null, '653125', '新疆维吾尔自治区 喀什地区 莎车县 -'],
  ])('%s with home %s is %s', (text, home, code, names) => {
    expect(read({}, text, home)).toEqual({ code, names, method: 'text', notes: [] })
  })

  test.each([
    ['朝阳大街上和平路口很堵，南山公园'],
    ['我们和县政府沟通，本市区域内的朝阳市场'],
    ['长江北区域，市和县都不管'],
    ['沿海城市和相应城市'],
    ['湘西山区、河东城区、老城区改造'],
    ['创新和县级财政'],
    ['北京路、上海路和南京路'],
    ['市民反映全县各镇'],
    ['村民和县政府沟通，向公安县局报案，沿河县道两侧，地下通道县道'],
    ['古城区改造，宜居宜城市，农民专业合作市级示范社，成渝双城市民'],
    ['山西市区公交，移民安居区，高铁站前区，战略新兴区，平安区创建，南郊区'],
    ['上海市政工程公司在路上施工'],
    ['新建县城道路，平安县里的小河区，召开县委会，沙县小吃'],
    ['常德城区、九江城区、福清城区和天水城区的路灯'],
    ['嘉兴城市规划，海盐城市建设，珠海港区和淄博山区'],
    ['新增城市出租汽车，新兴城市，各项城市管理，客运城市公交'],
    ['希望城区多种树，穿越城区的铁路，水源城区，责任城区'],
    ['今天全县停水，每天门市部排队，西南部县城，自然资源县级部门'],
    ['公路桥区，形成都市圈，三百万全县人民，上千万山区孩子'],
    ['湘西林区、红星区和第五营区'],
    [''],
  ])('%j names no division', (text) => {
    expect(read({}, text)).toEqual({ code: null, names: '- - - -', method: null, notes: [] })
  })

  test.each([
    ['昨晚福州鼓楼区五凤街道有人占道', '鼓楼区五凤街道'],
    ['家住杭州市江干区下沙街道的市民', '江干区下沙街道'],
    ['投诉福州市的公交', '福州市'],
    ['从鼓楼区到台江区的公交，福州市', null],
  ])('of %j the place keeps the words that named it', (text, words) => {
    expect(readPlace(noCells, text, null).place.text).toBe(words)
  })

  test('a place outside the source’s own division is not where the report is', () => {
    expect(read({}, '被北京市朝阳区一家公司骗了', '350100')).toMatchObject({ code: null, notes: [] })
    expect(read({}, '福建省泉州南安水头镇', '350100')).toMatchObject({ code: '350000', notes: [] })
  })

  test.each([
    ['仓山区的路灯', '350102', '350104'],
    ['思明区的路灯', '350102', null],
    ['思明区的路灯', '350000', '350203'],
    ['福建省的政策', '350100', '350000'],
  ])('%j with the home %s is in %s: the same prefecture or province counts', (text, home, code) => {
    expect(read({}, text, home)).toMatchObject({ code, notes: [] })
  })

  test.each([
    ['从南京市搬到福州市后，家在鼓楼区', '350102'],
    ['鼓楼区的家，从福州市寄到南京市', '350102'],
    ['路过福州市，在鼓楼区遇到南京市的车', '350102'],
  ])('of %j the division named nearest tells the namesake apart, one before it first', (text, code) => {
    expect(read({}, text)).toMatchObject({ code, notes: [] })
  })

  test.each([
    ['晋城市的城区', '140500', '140500'],
    ['河东区的路灯', '120000', '120102'],
    ['大同市南郊区的路灯', null, '140200'],
    ['赵县人民路的路灯', '130100', '130133'],
    ['我是石家庄市的市民，住在赵县', null, '130133'],
    ['找过赵县长', '130100', null],
    ['到新县城去，和县政府说过', '411500', null],
    ['，和县政府说过', '340500', null],
    ['小区顺应城市规划，供应城市用水，适应城市化', '420900', null],
    ['适宜城市居民', '420600', null],
    ['沿海城市', '210300', null],
    ['东八线以西城区的路灯', '110000', null],
    ['县城东区的路灯', '630100', null],
    ['跟上城区的孩子', '330100', null],
    ['在和县医院', '340500', null],
  ])('the everyday name in %j with the home %s: %s', (text, home, code) => {
    expect(read({}, text, home)).toMatchObject({ code, notes: [] })
  })

  test('an everyday name inside an address names no division', () => {
    expect(read({ place: '阳光城区店旁' })).toMatchObject({ code: null, notes: [] })
    expect(read({ place: '阳光河东区旁' }, '', '350100')).toMatchObject({ code: null, notes: [] })
  })

  test('several districts give what they share, and say so', () => {
    expect(read({}, '从鼓楼区到仓山区的公交', '350100')).toEqual({
      code: '350100',
      names: '福建省 福州市 - -',
      method: 'text',
      notes: ['division-several'],
    })
  })

  test.each([
    ['住在广东省东莞市柯桥区虎门镇', null],
    ['从恩施市、利川市来', '422800'],
    ['从延吉市龙井市来', '222400'],
  ])('%j names two places that are not in each other', (text, code) => {
    expect(read({}, text)).toMatchObject({ code, notes: ['division-several'] })
  })

  test('a namesake that nothing tells apart stays open', () => {
    expect(read({}, '鼓楼区路灯不亮')).toMatchObject({ code: null, notes: ['division-ambiguous'] })
    expect(read({}, '厦门市的人在鼓楼区')).toMatchObject({ code: '350200', notes: ['division-ambiguous'] })
    expect(read({}, '思明区的人在鼓楼区')).toMatchObject({ code: '350203', notes: [] })
  })

  test('text refines a column, and does not contradict it', () => {
    expect(read({ city: '福州市' }, '在鼓楼区的小区')).toMatchObject({ code: '350102', method: 'text' })
    expect(read({ district: '福州市仓山区' }, '在鼓楼区的小区')).toMatchObject({
      code: '350104',
      method: 'column',
    })
    expect(read({ city: '福州市' }, '在南京市的小区')).toMatchObject({ code: '350100', method: 'column' })
    expect(read({ city: '福州市' }, '从鼓楼区到仓山区的公交')).toMatchObject({ code: '350100', notes: [] })
  })
})

describe('coordinates', () => {
  test.each([
    [26.08, 119.3, 26.08, 119.3, []],
    ['26.08', '119.30', 26.08, 119.3, []],
    ['119.3', '26.08', 26.08, 119.3, ['coordinates-swapped']],
    [0, 0, null, null, []],
    ['0.0', '0.000000', null, null, []],
    ['', ' ', null, null, []],
    [null, null, null, null, []],
    ['无', '-', null, null, []],
    [26.08, null, null, null, ['coordinates-invalid']],
    [0, 119.3, 0, 119.3, []],
    [null, 119.3, null, null, ['coordinates-invalid']],
    ['abc', '119', null, null, ['coordinates-invalid']],
    ['26', 'abc', null, null, ['coordinates-invalid']],
    ['26.08°', '119.3度', 26.08, 119.3, []],
    ['null', 'NULL', null, null, []],
    ['0x1A', '119', null, null, ['coordinates-invalid']],
    [48.1, 16.4, 48.1, 16.4, []],
    [-33.9, 18.4, -33.9, 18.4, []],
    [91, 60, null, null, ['coordinates-invalid']],
    [80, 60, 80, 60, []],
    [10, 181, null, null, ['coordinates-invalid']],
    [200, 500, null, null, ['coordinates-invalid']],
    [Number.NaN, 1, null, null, ['coordinates-invalid']],
    [-33.87, 151.2, -33.87, 151.2, []],
  ])('%j, %j', (latCell, lonCell, lat, lon, notes) => {
    const reading = readPlace({ ...noCells, lat: latCell, lon: lonCell }, '', null)
    expect(reading.place).toMatchObject({ lat, lon, method: lat === null ? null : 'coordinates' })
    expect(reading.notes).toEqual(notes)
  })
})

test('every division that has its name to itself is found by its full lineage', () => {
  const codes = divisionNames.flatMap((name) => divisionsNamed(name).map(({ code }) => code))
  fc.assert(
    fc.property(fc.constantFrom(...new Set(codes)), (code) => {
      const division = divisionOf(code)
      const line = [...(division?.parents ?? []), division].map((each) => each?.name ?? '')
      expect(read({ place: line.join('') }).code).toBe(code)
      expect(read({ place: line.join(' ') }).code).toBe(code)
    }),
    { numRuns: 3000 },
  )
})

test('a megabyte of names is searched in linear time', () => {
  const names = divisionNames.join('')
  const text = names.repeat(Math.ceil(1_000_000 / names.length))
  const took = stopwatch()
  expect(read({}, text).code).toBeNull()
  expect(took()).toBeLessThan(100)
})

test('a megabyte of short names in a cell is no address, and does not keep it busy', () => {
  const took = stopwatch()
  expect(read({ district: '鼓楼'.repeat(500_000) }).code).toBeNull()
  expect(took()).toBeLessThan(100)
})
