package iam

import "math/bits"

// worlds is a set of readings of the same request. Every reading is evaluated at
// once, one bit each, so a decision knows which of its assumptions it depends on at
// the cost of a few bit operations.
type worlds uint32

const (
	// worldPrimary follows the documented assumptions and counts what is unknown
	// toward less access: unknown Allows do not apply, unknown Denies do.
	worldPrimary worlds = 1 << iota
	// worldOpen is worldPrimary with the unknown counted toward more access.
	worldOpen
	worldSixPart
	worldShortARN
	worldARNCase
	worldTagCase
	worldAnyIfExists
	worldNegatedList
	worldNotResourceVariable
	worldBoolVariable
	worldNotPrincipal
	worldKindWildcard
	worldEndpointAccount
	worldResourceOwner
	worldEmptyString
	worldEnd

	allWorlds = worldEnd - 1
	noWorlds  = worlds(0)
)

// when gives all readings or none.
func when(b bool) worlds {
	if b {
		return allWorlds
	}
	return noWorlds
}

// unknownFor is where something unknown holds in a statement of this effect.
func (e Effect) unknownFor() worlds {
	if e == Deny {
		return allWorlds &^ worldOpen
	}
	return worldOpen
}

// Ambiguity is the set of assumptions a decision depends on: with any one of them
// read the other way, the request would be allowed instead of denied or the reverse.
type Ambiguity uint32

const (
	// ReadingSensitive: wildcards in Resource match across colons at the end of a
	// segment as documented; the other reading splits the ARN into six parts first.
	ReadingSensitive = Ambiguity(worldSixPart)
	// ShortARN: a resource or ARN pattern has fewer than six parts.
	ShortARN = Ambiguity(worldShortARN)
	// ARNCase: a resource pattern has upper-case letters in its first five parts.
	ARNCase = Ambiguity(worldARNCase)
	// TagKeyCase: a tag key in a condition differs from the request's in case only.
	TagKeyCase = Ambiguity(worldTagCase)
	// AnyValueIfExists: ForAnyValue with IfExists meets an absent key.
	AnyValueIfExists = Ambiguity(worldAnyIfExists)
	// NegatedOnList: a negated operator without set prefix meets a multivalued key.
	NegatedOnList = Ambiguity(worldNegatedList)
	// NotResourceVariable: a NotResource pattern has a variable without value.
	NotResourceVariable = Ambiguity(worldNotResourceVariable)
	// BoolVariable: a Bool condition compares with a policy variable.
	BoolVariable = Ambiguity(worldBoolVariable)
	// NotPrincipalPartial: NotPrincipal lists some but not all of the caller's
	// account, role and session.
	NotPrincipalPartial = Ambiguity(worldNotPrincipal)
	// PrincipalKindWildcard: Principal holds "*" for Service, Federated or CanonicalUser.
	PrincipalKindWildcard = Ambiguity(worldKindWildcard)
	// EndpointAccount: an endpoint policy names an account and the caller is not its root user.
	EndpointAccount = Ambiguity(worldEndpointAccount)
	// ResourceOwner: neither the request nor the ARN says which account owns the resource.
	ResourceOwner = Ambiguity(worldResourceOwner)
	// EmptyString: ForAllValues meets a key whose only value is empty, which counts as no value.
	EmptyString = Ambiguity(worldEmptyString)
)

// ambiguityCodes names the bits from worldSixPart on, in order.
var ambiguityCodes = [...]string{
	"reading-sensitive", "short-arn", "arn-case", "tag-key-case", "any-value-if-exists",
	"negated-on-list", "not-resource-variable", "bool-variable", "not-principal-partial",
	"principal-kind-wildcard", "endpoint-account", "resource-owner", "empty-string",
}

// Has says whether all of other is in the set.
func (a Ambiguity) Has(other Ambiguity) bool { return a&other == other }

// Codes gives the reason codes, in a fixed order.
func (a Ambiguity) Codes() []string {
	var out []string
	first := bits.TrailingZeros32(uint32(worldSixPart))
	for i, code := range ambiguityCodes {
		if a&(1<<(first+i)) != 0 {
			out = append(out, code)
		}
	}
	return out
}
