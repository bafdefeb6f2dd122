import { inject } from 'vitest'
import { describeRules, storeRules } from '../store.suite.ts'
import { freshMongo } from '../suite/fresh.ts'

describeRules('mongodb', storeRules, () => freshMongo(inject('mongoUrl')))
