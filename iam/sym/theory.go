package sym

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/assize-dev/assize/iam"
)

// Theory says which condition keys can occur together, so that a grant that no request can
// use does not look like access. It holds what AWS documents ("AWS global condition context
// keys", "Control access to VPC endpoints using endpoint policies") and two assumptions,
// which can be switched.
type Theory struct {
	// Off lets every key have any value: only the policies count.
	Off bool
	// PrivateSourceIP lets aws:SourceIp hold private (RFC 1918) and shared (RFC 6598)
	// addresses. Without it, a grant for 10.0.0.0/8 is dead: a request that reaches AWS over
	// the internet has a public address, and one through an endpoint has no aws:SourceIp.
	PrivateSourceIP bool
	// Endpoints are the VPC endpoints that are known.
	Endpoints []Endpoint
	// OnlyEndpoints: requests come through the known endpoints or through none. Without
	// it, they may also come through an endpoint of anybody else.
	OnlyEndpoints bool
}

// Endpoint is a VPC endpoint of the inventory. An empty field is not known and may be anything.
type Endpoint struct {
	ID      string // vpce-…
	VPC     string // vpc-…
	Account string
	OrgID   string
	// Policy limits the requests through the endpoint; nil is the default policy, which limits nothing.
	Policy *iam.Policy
}

// notPublic are the networks that no address of the internet lies in.
var notPublic = []netip.Prefix{
	netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("172.16.0.0/12"),
	netip.MustParsePrefix("192.168.0.0/16"), netip.MustParsePrefix("100.64.0.0/10"),
}

// theories are the contexts that requests can have, by who makes them: an AWS service that
// calls for itself has no network of its own, and sessions of roles and federated users
// always have temporary credentials. Each is there twice: unmarked for the services that do
// not tell a call made on somebody's behalf from others.
type theories struct {
	caller, session, service [2]nodeID
}

// unmarked are the services that do not support aws:ViaAWSService ("AWS global condition context keys").
var unmarked = []string{"ec2", "glue", "lakeformation", "opsworks", "opsworks-cm"}

// of is the theory of calls of a service; "" is the widest.
func (t theories) of(k iam.PrincipalKind, service string) nodeID {
	i := 0
	if service == "" || slices.Contains(unmarked, service) {
		i = 1
	}
	switch k {
	case iam.RoleSession, iam.FederatedUser:
		return t.session[i]
	case iam.ServicePrincipal:
		return t.service[i]
	case iam.Anonymous, iam.RootUser, iam.User, iam.IdentityProvider, iam.CanonicalUser:
	}
	return t.caller[i]
}

func (e *Engine) buildTheory() (t theories) {
	if e.config.Theory.Off {
		all := [2]nodeID{always, always}
		return theories{all, all, all}
	}
	marked := [2]nodeID{e.present(keyViaService), always}
	for i, m := range marked {
		t.service[i] = e.all(m, e.typedKeys(), e.sessionKeys(), e.pathKeys())
		t.caller[i] = e.all(t.service[i], e.networkKeys())
		t.session[i] = e.all(t.caller[i], e.present(keyTokenIssueTime))
	}
	return t
}

func (e *Engine) present(name string) nodeID {
	id := e.keys.known(name)
	return e.f.when(id, e.f.present(e.keys.list[id].kind))
}

func (e *Engine) absent(name string) nodeID { return e.f.diagrams.not(e.present(name)) }

func (e *Engine) implies(a, b nodeID) nodeID { return e.any(e.f.diagrams.not(a), b) }

func (e *Engine) all(list ...nodeID) nodeID {
	out := always
	for i := len(list) - 1; i >= 0; i-- {
		out = e.f.diagrams.and(list[i], out)
	}
	return out
}

func (e *Engine) any(a, b nodeID) nodeID { return e.f.diagrams.or(a, b) }

// equals holds where a text key has one of the values.
func (e *Engine) equals(name string, values ...string) nodeID {
	patterns := make([][]element, len(values))
	for i, v := range values {
		patterns[i] = elementsOf(iam.Value{Pieces: []iam.Piece{{Text: v}}})
	}
	return e.f.when(e.keys.known(name), e.f.ofText(e.f.anyOf(patterns)))
}

// typedKeys: a key that AWS gives a type has a value of that type, or none.
func (e *Engine) typedKeys() nodeID {
	out := always
	for id, k := range e.keys.list {
		if s := scales[k.kind]; s != nil {
			first := s.first
			if k.kind == numberKind {
				first = numberPoint(0) // seconds and the like
			}
			valid := e.f.ofSpans(k.kind, []span{{first, s.last}})
			out = e.all(out, e.f.when(keyID(id), e.f.regions.or(valid, e.f.absent(k.kind))))
		}
	}
	for _, name := range boolKeys {
		out = e.all(out, e.any(e.absent(name), e.equals(name, "true", "false")))
	}
	return out
}

// sessionKeys: the keys of a second factor are those of temporary credentials, and its age
// is known only where there was one.
func (e *Engine) sessionKeys() nodeID {
	return e.all(
		e.implies(e.present(keyMFAPresent), e.present(keyTokenIssueTime)),
		e.implies(e.present(keyMFAAge), e.equals(keyMFAPresent, "true")),
	)
}

// pathKeys: the first and the last of the services a request was made through are known
// where the list of them is; such a request is made by a service.
func (e *Engine) pathKeys() nodeID {
	called := e.present(keyCalledVia)
	return e.all(
		e.present(keySecureTransport), e.present(keyCurrentTime), e.implies(called, e.mayBeService()),
		e.same(called, e.present(keyCalledViaFirst)), e.same(called, e.present(keyCalledViaLast)),
	)
}

// mayBeService holds for a call on somebody's behalf, and where the service does not tell.
func (e *Engine) mayBeService() nodeID { return e.f.diagrams.not(e.equals(keyViaService, "false")) }

func (e *Engine) same(a, b nodeID) nodeID { return e.all(e.implies(a, b), e.implies(b, a)) }

// networkKeys: a request comes through a VPC endpoint, and then has the endpoint's keys and
// no public address, or over the internet, and then has a public address and none of them.
// Two more have no address: a call of a service on somebody's behalf ("Forward access
// sessions"), and one of a console inside of a VPC, which has aws:SourceVpc and neither
// aws:SourceVpce nor aws:VpcSourceIp ("AWS Management Console Private Access").
func (e *Engine) networkKeys() nodeID {
	through, inside := e.present(keySourceVpce), e.present(keySourceVpc)
	rules := []nodeID{
		e.implies(through, e.all(e.absent(keySourceIP), inside)),
		e.implies(e.absent(keySourceIP), e.any(inside, e.mayBeService())),
		e.same(through, e.present(keyVpcSourceIP)), e.implies(e.present(keySourceVpcArn), inside),
		e.publicSource(),
	}
	for _, name := range []string{keyVpceAccount, keyVpceOrgID, keyVpceOrgPaths} {
		rules = append(rules, e.implies(e.present(name), through))
	}
	known := e.absent(keySourceVpce)
	for _, p := range e.config.Theory.Endpoints {
		here := e.equals(keySourceVpce, p.ID)
		known = e.any(known, here)
		rules = append(rules, e.tied(here, keySourceVpc, p.VPC), e.tied(here, keyVpceAccount, p.Account), e.tied(here, keyVpceOrgID, p.OrgID))
	}
	if e.config.Theory.OnlyEndpoints {
		rules = append(rules, known)
	}
	return e.all(rules...)
}

// tied: where a request comes through an endpoint, a key has the endpoint's value or, where
// AWS does not send it for every service, none.
func (e *Engine) tied(here nodeID, name, value string) nodeID {
	if value == "" {
		return always
	}
	return e.implies(here, e.any(e.equals(name, value), e.absent(name)))
}

func (e *Engine) publicSource() nodeID {
	if e.config.Theory.PrivateSourceIP {
		return always
	}
	var private []span
	for _, n := range notPublic {
		private = append(private, networkSpan(n))
	}
	return e.f.diagrams.not(e.f.when(e.keys.known(keySourceIP), e.f.ofSpans(addressKind, private)))
}

// given are the keys that follow from who asks and for what, beside those that
// [iam.Prepare] derives. A nil value means that the key is absent.
func (t Theory) given(p *Principal, c *Check) map[string][]string {
	out := map[string][]string{}
	if !t.Off {
		if p.Kind == iam.Anonymous || p.Kind == iam.ServicePrincipal {
			for _, name := range []string{keyTokenIssueTime, keyMFAPresent, keyMFAAge} {
				out[name] = nil
			}
		}
		if service, _, _ := strings.Cut(strings.ToLower(c.Action), ":"); service == "bedrock" {
			// Only the checks that a profile or a router leads to have these keys.
			out["bedrock:InferenceProfileArn"], out["bedrock:PromptRouterArn"] = nil, nil
		}
	}
	for _, fixed := range []map[string][]string{p.Fixed, c.Fixed} {
		for name, values := range fixed {
			deleteFold(out, name)
			out[name] = values
		}
	}
	if !t.Off {
		sameTime(out)
	}
	return out
}

// sameTime gives EpochTime and CurrentTime the same time where one of them is fixed.
func sameTime(m map[string][]string) {
	var times [2][]string // CurrentTime, EpochTime
	for name, values := range m {
		for i, key := range [...]string{keyCurrentTime, keyEpochTime} {
			if strings.EqualFold(name, key) {
				times[i] = values
			}
		}
	}
	for i, key := range [...]string{keyEpochTime, keyCurrentTime} {
		if len(times[i]) != 1 || times[1-i] != nil {
			continue
		}
		if p := pointOf(dateKind, times[i][0]); p != invalidPoint {
			text := spellEpoch(p)
			if key == keyCurrentTime {
				text, _ = spellPoint(dateKind, p)
			}
			m[key] = []string{text}
		}
	}
}

func deleteFold(m map[string][]string, name string) {
	for k := range m {
		if strings.EqualFold(k, name) {
			delete(m, k)
		}
	}
}
