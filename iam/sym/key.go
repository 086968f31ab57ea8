package sym

import (
	"math"
	"strings"

	"github.com/assize-dev/assize/iam"
)

// keyID numbers the keys in the order in which diagrams ask for them.
type keyID int32

// lastKey is after every key.
const lastKey = keyID(math.MaxInt32)

// key is a condition key, or a comparison that stays whole (an atom).
type key struct {
	name string // as first written
	kind kind
	atom *atom // nil for a condition key
}

// atom is what stays whole.
type atom struct {
	// holds decides it on a request that has all keys.
	holds func(q *iam.Prepared) bool
	// comparison is nil for a Resource pattern; variables are the keys of its variables.
	comparison *iam.Comparison
	variables  []string
}

// globalKeys are AWS's global keys whose values are not text, with the keys that Θ ties
// together next to one another: a diagram is small when what depends on each other is near.
// Source: "AWS global condition context keys" of the IAM User Guide.
var globalKeys = []struct {
	name string
	kind kind
}{
	{keySourceVpce, textKind},
	{keySourceIP, addressKind},
	{keyVpcSourceIP, addressKind},
	{keySourceVpc, textKind},
	{keySourceVpcArn, textKind},
	{keyVpceAccount, textKind},
	{keyVpceOrgID, textKind},
	{keyVpceOrgPaths, listKind},
	{keySecureTransport, textKind},
	{keyTokenIssueTime, dateKind},
	{keyMFAPresent, textKind},
	{keyMFAAge, numberKind},
	{keyCurrentTime, dateKind},
	{keyViaService, textKind},
	{keyCalledVia, listKind},
	{keyCalledViaFirst, textKind},
	{keyCalledViaLast, textKind},
	{"aws:PrincipalIsAWSService", textKind},
	{"aws:ViaAWSMCPService", textKind},
	{"aws:IsMcpServiceAction", textKind},
	{"aws:AssumedRoot", textKind},
	{"aws:Ec2InstanceSourcePrivateIPv4", addressKind},
	{"ec2:RoleDelivery", numberKind},
}

// Keys that the theory speaks of.
const (
	keySourceVpce      = "aws:SourceVpce"
	keySourceIP        = "aws:SourceIp"
	keyVpcSourceIP     = "aws:VpcSourceIp"
	keySourceVpc       = "aws:SourceVpc"
	keySourceVpcArn    = "aws:SourceVpcArn"
	keyVpceAccount     = "aws:VpceAccount"
	keyVpceOrgID       = "aws:VpceOrgID"
	keyVpceOrgPaths    = "aws:VpceOrgPaths"
	keySecureTransport = "aws:SecureTransport"
	keyTokenIssueTime  = "aws:TokenIssueTime"
	keyMFAPresent      = "aws:MultiFactorAuthPresent"
	keyMFAAge          = "aws:MultiFactorAuthAge"
	keyCurrentTime     = "aws:CurrentTime"
	keyEpochTime       = "aws:EpochTime"
	keyViaService      = "aws:ViaAWSService"
	keyCalledVia       = "aws:CalledVia"
	keyCalledViaFirst  = "aws:CalledViaFirst"
	keyCalledViaLast   = "aws:CalledViaLast"
)

// boolKeys are the global keys of type Bool.
var boolKeys = []string{
	keySecureTransport, keyMFAPresent, keyViaService, "aws:PrincipalIsAWSService",
	"aws:ViaAWSMCPService", "aws:IsMcpServiceAction", "aws:AssumedRoot",
}

// keys numbers condition keys by their name without regard to letter case.
type keys struct {
	list  []key
	ids   map[string]keyID
	types func(name string) (KeyType, bool)
	alias bool // EpochTime is CurrentTime
}

func newKeys(types func(string) (KeyType, bool), theory bool) *keys {
	k := &keys{ids: make(map[string]keyID), types: types, alias: theory}
	for _, g := range globalKeys {
		k.add(strings.ToLower(g.name), key{name: g.name, kind: g.kind})
	}
	if !theory {
		k.add(strings.ToLower(keyEpochTime), key{name: keyEpochTime, kind: dateKind})
	}
	return k
}

func (k *keys) add(fold string, x key) keyID {
	id := keyID(len(k.list))
	k.list = append(k.list, x)
	k.ids[fold] = id
	return id
}

// lookup gives the number of a condition key that is known already.
func (k *keys) lookup(name string) (keyID, bool) {
	fold := strings.ToLower(name)
	if k.alias && fold == "aws:epochtime" {
		fold = "aws:currenttime"
	}
	id, ok := k.ids[fold]
	return id, ok
}

// find gives the number of a condition key. Of a key that nobody knows the type of, the
// first comparison tells what its values are.
func (k *keys) find(name string, first iam.ValueKind) keyID {
	if id, ok := k.lookup(name); ok {
		return id
	}
	if t, ok := k.typed(name); ok {
		first = t.Values
	}
	x := key{name: name}
	switch {
	case k.isList(name):
		x.kind = listKind
	case first == iam.NumberValues:
		x.kind = numberKind
	case first == iam.DateValues:
		x.kind = dateKind
	case first == iam.AddressValues:
		x.kind = addressKind
	}
	return k.add(strings.ToLower(name), x)
}

func (k *keys) typed(name string) (KeyType, bool) {
	if k.types == nil {
		return KeyType{}, false
	}
	return k.types(name)
}

// untyped says whether a key is not among those that the types are known of: it may be a list.
func (k *keys) untyped(name string) bool {
	_, known := k.typed(name)
	return k.types != nil && !known && !strings.HasPrefix(strings.ToLower(name), "aws:")
}

func (k *keys) isList(name string) bool {
	t, ok := k.typed(name)
	return iam.MultiValued(name) || ok && t.List
}

// known gives the number of a global key.
func (k *keys) known(name string) keyID { return k.find(name, iam.TextValues) }

// atom gives the number of a comparison that stays whole.
func (k *keys) atom(label string, a atom) keyID {
	name := "\x00" + label
	if id, ok := k.ids[name]; ok {
		return id
	}
	return k.add(name, key{name: label, kind: atomKind, atom: &a})
}
