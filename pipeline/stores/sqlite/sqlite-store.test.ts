import { describeRules, storeRules } from '../store.suite.ts'
import { freshSqlite } from '../suite/fresh.ts'

describeRules('sqlite', storeRules, freshSqlite)
