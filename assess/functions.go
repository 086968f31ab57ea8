package assess

import (
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/graph"
)

// ruleFunction is a function of rules. Those of contextFunctions get the
// evaluation context before their arguments.
type ruleFunction struct {
	name string
	args int // without the context
	// unknowns says what it does with arguments that are not known, the context's
	// place among them; nil where all are strict.
	unknowns []argument
	params   []*cel.Type
	result   *cel.Type
	call     func(args []ref.Val) ref.Val
}

func (f ruleFunction) declare() cel.EnvOption {
	name := f.name
	if len(f.params) > f.args {
		name = "_" + f.name
	}
	if f.unknowns == nil {
		return cel.Function(name, cel.Overload(name, f.params, f.result, bind(len(f.params), f.call)))
	}
	return cel.Function(name, cel.Overload(name, f.params, f.result, cel.OverloadIsNonStrict(), bind(len(f.params), lenient(f.unknowns, f.call))))
}

// What functions do with arguments that are not known.
var (
	reference = []argument{strictly, byReference}
	policyARN = []argument{strictly, strictly, byARN}
)

// bind gives a function of any arity its binding: CEL wants one kind for one and
// two arguments, another for more.
func bind(arity int, call func([]ref.Val) ref.Val) cel.OverloadOpt {
	switch arity {
	case 1:
		return cel.UnaryBinding(func(a ref.Val) ref.Val { return call([]ref.Val{a}) })
	case 2:
		return cel.BinaryBinding(func(a, b ref.Val) ref.Val { return call([]ref.Val{a, b}) })
	default:
		return cel.FunctionBinding(func(args ...ref.Val) ref.Val { return call(args) })
	}
}

// plainFunctions depend on their arguments alone.
var plainFunctions = []ruleFunction{
	{name: "glob", args: 2, params: []*cel.Type{cel.StringType, cel.StringType}, result: cel.BoolType, call: callGlob},
	{name: "instanceStorage", args: 1, params: []*cel.Type{cel.StringType}, result: cel.BoolType, call: callInstanceStorage},
	{name: "namesCollection", args: 2, params: []*cel.Type{cel.StringType, cel.StringType}, result: cel.BoolType, call: callNamesCollection},
	{name: "bucketName", args: 1, params: []*cel.Type{cel.StringType}, result: cel.StringType, call: callBucketName},
}

// contextFunctions look into the graph.
var contextFunctions = append([]ruleFunction{
	{name: "customerManagedKey", args: 1, unknowns: reference, params: []*cel.Type{contextType, cel.StringType}, result: cel.BoolType, call: callCustomerManagedKey},
	{name: "deniesInsecureTransport", args: 2, unknowns: policyARN, params: []*cel.Type{contextType, policyType, cel.StringType}, result: cel.BoolType, call: callDeniesInsecureTransport},
	{name: "publicPolicy", args: 2, unknowns: policyARN, params: []*cel.Type{contextType, policyType, cel.StringType}, result: cel.BoolType, call: callPublicPolicy},
	{name: "publicPolicyAllows", args: 3, unknowns: policyARN, params: []*cel.Type{contextType, policyType, cel.StringType, cel.StringType}, result: cel.BoolType, call: callPublicPolicyAllows},
	{name: "policyGrantsBeyond", args: 4, unknowns: policyARN, params: []*cel.Type{contextType, policyType, cel.StringType, cel.StringType, cel.ListType(cel.StringType)}, result: cel.BoolType, call: callPolicyGrantsBeyond},
	{name: "policyGrantsOutside", args: 3, unknowns: policyARN, params: []*cel.Type{contextType, policyType, cel.StringType, cel.StringType}, result: cel.BoolType, call: callPolicyGrantsOutside},
	{name: "trustProtected", args: 2, params: []*cel.Type{contextType, policyType, cel.StringType}, result: cel.BoolType, call: callTrustProtected},
	{name: "trustsService", args: 2, params: []*cel.Type{contextType, policyType, cel.StringType}, result: cel.BoolType, call: callTrustsService},
	{name: "roleHasWildcard", args: 1, unknowns: reference, params: []*cel.Type{contextType, cel.StringType}, result: cel.BoolType, call: callRoleHasWildcard},
	{name: "modelMatches", args: 2, params: []*cel.Type{contextType, cel.StringType, cel.StringType}, result: cel.BoolType, call: callModelMatches},
	{name: "modelInUse", args: 1, params: []*cel.Type{contextType, cel.StringType}, result: cel.BoolType, call: callModelInUse},
	{name: "roleAllowsEverywhere", args: 2, unknowns: reference, params: []*cel.Type{contextType, cel.StringType, cel.StringType}, result: cel.BoolType, call: callRoleAllowsEverywhere},
	{name: "bucketOwnedBy", args: 2, unknowns: reference, params: []*cel.Type{contextType, cel.StringType, cel.StringType}, result: cel.BoolType, call: callBucketOwnedBy},
	{name: "notRead", args: 1, params: []*cel.Type{contextType, cel.StringType}, result: cel.BoolType, call: callNotRead},
	{name: "apiConfirms", args: 1, params: []*cel.Type{contextType, cel.StringType}, result: cel.BoolType, call: callAPIConfirms},
	{name: "guardrailInPolicies", args: 1, unknowns: reference, params: []*cel.Type{contextType, cel.StringType}, result: cel.BoolType, call: callGuardrailInPolicies},
	{name: "unreadable", args: 1, params: []*cel.Type{contextType, cel.StringType}, result: cel.BoolType, call: callUnreadable},
	{name: "notSaid", args: 1, params: []*cel.Type{contextType, cel.StringType}, result: cel.BoolType, call: callNotSaid},
	{name: "decryptByNamedOnly", args: 1, params: []*cel.Type{contextType, policyType}, result: cel.BoolType, call: callDecryptByNamedOnly},
	{name: "endpointPolicyOpen", args: 2, params: []*cel.Type{contextType, policyType, cel.StringType}, result: cel.BoolType, call: callEndpointPolicyOpen},
	{name: "wholeInternet", args: 1, params: []*cel.Type{contextType, cel.StringType}, result: cel.BoolType, call: callWholeInternet},
	{name: "schemaBounds", args: 1, params: []*cel.Type{contextType, cel.StringType}, result: cel.BoolType, call: callSchemaBounds},
	{name: "imageSource", args: 1, params: []*cel.Type{contextType, cel.StringType}, result: cel.StringType, call: callImageSource},
}, slices.Concat(identityFunctions, organizationFunctions, accessFunctions)...)

// callGlob answers glob(text, pattern): * stands for any text, ? for one character.
func callGlob(args []ref.Val) ref.Val {
	return types.Bool(graph.Glob(string(args[1].(types.String)), string(args[0].(types.String))))
}

const (
	keyType           = "AWS::KMS::Key"
	roleType          = "AWS::IAM::Role"
	managedPolicyType = "AWS::IAM::ManagedPolicy"
)

// callCustomerManagedKey answers customerManagedKey(ref): whether the key that
// ref names (id, ARN or alias) is one that the customer manages. Aliases that
// begin with alias/aws/ belong to AWS managed keys (KMS Developer Guide, "AWS
// managed keys"). A key that cannot be looked at is unknown; of one in an account that was
// not read the reason says which, and how it can be read.
func callCustomerManagedKey(args []ref.Val) ref.Val {
	c, name := args[0].(*evalContext), string(args[1].(types.String))
	if strings.HasPrefix(name, "alias/aws/") || strings.Contains(name, ":alias/aws/") {
		return types.False
	}
	key, u := c.lookup(keyType, name)
	if u != nil {
		return c.unknown(c.keyElsewhere(name, u))
	}
	switch m := key.Properties.Get("KeyManager").(type) {
	case string:
		return types.Bool(m == "CUSTOMER")
	case *assize.Unknown:
		return c.unknown(m)
	}
	return c.unknown(&assize.Unknown{Cause: assize.WrongAnswer, Detail: "key " + c.label(name) + " does not say who manages it"})
}
