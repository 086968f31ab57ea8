// Asks @cloud-copilot/iam-simulate for verdicts: one JSON case a line on standard input, one line
// {"outcome":…} or {"error":…} a case on standard output, in the same order. The package is not part
// of this project: the first argument is the folder whose node_modules holds it. Its inner
// modules are imported by file, because runSimulation drops context keys that the
// service's authorization data does not list.
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import { join, resolve } from 'node:path'

const modules = join(resolve(process.argv[2]), 'node_modules', '@cloud-copilot')
const load = (...path) => import(pathToFileURL(join(modules, ...path)).href)
const inner = (...path) => load('iam-simulate', 'dist', 'esm', ...path)

const { authorize } = await inner('core_engine', 'CoreSimulatorEngine.js')
const { AwsRequestImpl } = await inner('request', 'request.js')
const { RequestContextImpl } = await inner('requestContext.js')
const { DiscoveryContextKeyConstraints } = await inner('context_keys', 'discoveryContextKeyConstraints.js')
const { loadPolicy } = await load('iam-policy', 'dist', 'esm', 'index.js')

const parsed = new Map()
function policy(doc) {
  if (doc === undefined) return undefined
  const text = JSON.stringify(doc)
  let found = parsed.get(text)
  if (!found) {
    if (parsed.size > 50000) parsed.clear()
    found = loadPolicy(doc, { name: 'p' })
    parsed.set(text, found)
  }
  return found
}

const policies = docs => (docs ?? []).map(policy)
const levels = list => (list ?? []).map((docs, i) => ({ orgIdentifier: `level-${i}`, policies: policies(docs) }))
const optional = doc => (doc === undefined ? undefined : [policy(doc)])

const simulationParameters = {
  simulationMode: 'Strict',
  discoveryContextKeyConstraints: new DiscoveryContextKeyConstraints([])
}

function decide(c) {
  const target = { resource: c.resource, accountId: c.resourceAccount }
  const request = new AwsRequestImpl(c.principal, target, c.action, new RequestContextImpl(c.context ?? {}), c.resource === '*')
  return authorize({
    request,
    identityPolicies: policies(c.identity),
    sessionPolicy: policy(c.session),
    serviceControlPolicies: levels(c.serviceControl),
    resourceControlPolicies: levels(c.resourceControl),
    resourcePolicy: policy(c.resourcePolicy),
    permissionBoundaries: optional(c.boundary),
    vpcEndpointPolicies: optional(c.endpoint),
    simulationParameters,
    serviceSettings: { s3: {} }
  }).result
}

let out = []
const flush = () => {
  if (out.length > 0) process.stdout.write(out.join('\n') + '\n')
  out = []
}
for await (const line of createInterface({ input: process.stdin })) {
  // An empty line ends a batch, so that the other side can wait for its answers.
  if (line === '') {
    flush()
    continue
  }
  try {
    out.push(JSON.stringify({ outcome: decide(JSON.parse(line)) }))
  } catch (e) {
    out.push(JSON.stringify({ error: String(e?.message ?? e) }))
  }
}
flush()
