package iam

import (
	"fmt"
	"strings"
)

// PrincipalKind is what kind of caller makes a request.
type PrincipalKind uint8

const (
	// Anonymous is an unsigned request.
	Anonymous PrincipalKind = iota + 1
	// RootUser is the root user of an account.
	RootUser
	// User is an IAM user.
	User
	// RoleSession is an assumed role; the session may be unknown.
	RoleSession
	// FederatedUser is a session of GetFederationToken.
	FederatedUser
	// ServicePrincipal is an AWS service calling for itself.
	ServicePrincipal
	// IdentityProvider is a caller known only by its SAML or OIDC provider, as in AssumeRoleWithSAML.
	IdentityProvider
	// CanonicalUser is an account known by its S3 canonical user ID.
	CanonicalUser
)

// Principal is the caller of a request.
type Principal struct {
	Kind PrincipalKind
	// ARN of the user, the assumed-role session, the federated-user session or the
	// account root. For a RoleSession it may be empty when the session is not known.
	ARN string
	// Issuer is the ARN of the role whose session this is (for a FederatedUser: of the
	// user). When empty for a RoleSession it is derived from ARN, which does not show the role's path: policies
	// that name the role are then compared by its name, and aws:PrincipalArn lacks the path.
	Issuer string
	// Account is the caller's account; derived from ARN or Issuer when empty.
	Account string
	// Service is the service principal name, such as "sagemaker.amazonaws.com".
	Service string
	// Provider is the identity provider behind an IdentityProvider caller or a session:
	// a SAML provider ARN or an OIDC host.
	Provider string
	// CanonicalID is the S3 canonical user ID.
	CanonicalID string
	// UniqueID is the AIDA or AROA identifier of the user or role, as policies show it
	// after the entity was deleted.
	UniqueID string
	// ServiceLinked marks the session of a service-linked role; derived from the
	// path of Issuer.
	ServiceLinked bool
}

// AnonymousPrincipal is the caller of an unsigned request.
func AnonymousPrincipal() Principal { return Principal{Kind: Anonymous} }

// PrincipalService is an AWS service calling for itself.
func PrincipalService(name string) Principal {
	return Principal{Kind: ServicePrincipal, Service: name}
}

// ParsePrincipal reads the ARN of an account root, user, role, assumed-role session
// or federated user. A role ARN stands for a session whose name is not known.
func ParsePrincipal(arn string) (Principal, error) {
	parts, ok := splitARN(arn)
	if !ok || parts[0] != "arn" {
		return Principal{}, fmt.Errorf("principal %q is not an ARN", arn)
	}
	p := Principal{ARN: arn, Account: parts[4]}
	kind, name, _ := strings.Cut(parts[5], "/")
	switch {
	case parts[2] == "iam" && parts[5] == "root":
		p.Kind = RootUser
	case parts[2] == "iam" && kind == "user" && name != "":
		p.Kind = User
	case parts[2] == "iam" && kind == "role" && name != "":
		p.Kind, p.ARN, p.Issuer = RoleSession, "", arn
	case parts[2] == "sts" && kind == "assumed-role" && strings.IndexByte(name, '/') > 0:
		p.Kind = RoleSession
	case parts[2] == "sts" && kind == "federated-user" && name != "":
		p.Kind = FederatedUser
	default:
		return Principal{}, fmt.Errorf("principal %q is not a root, user, role, assumed-role or federated-user ARN", arn)
	}
	return p, nil
}

// caller is a Principal made ready for comparison.
type caller struct {
	kind          PrincipalKind
	account       string
	arn           string // user, session or federated-user ARN
	role          string // issuer of a session
	roleName      string // when the path of role is not known: names are unique in an account, whatever their path
	sessionPrefix string // start of every session ARN of the role, when arn is not known
	unique        string
	service       string
	provider      string
	canonical     string
	serviceLinked bool
}

// hasIdentity is false for callers without identity-based policies.
func (c *caller) hasIdentity() bool {
	switch c.kind {
	case RootUser, User, RoleSession, FederatedUser:
		return true
	case Anonymous, ServicePrincipal, IdentityProvider, CanonicalUser:
	}
	return false
}

func newCaller(p Principal) (caller, error) {
	c := caller{
		kind: p.Kind, account: p.Account, arn: p.ARN, role: p.Issuer, unique: p.UniqueID,
		service: strings.ToLower(p.Service), provider: p.Provider, canonical: p.CanonicalID, serviceLinked: p.ServiceLinked,
	}
	if c.kind == 0 || c.kind > CanonicalUser {
		return caller{}, fmt.Errorf("principal has no kind")
	}
	for _, arn := range []string{p.ARN, p.Issuer} {
		if parts, ok := splitARN(arn); ok && c.account == "" {
			c.account = parts[4]
		}
	}
	if c.kind == RoleSession {
		c.completeSession()
	}
	if c.hasIdentity() && c.account == "" {
		return caller{}, fmt.Errorf("principal %q has no account", p.ARN)
	}
	return c, nil
}

// completeSession derives the role from the session ARN, or the start of session ARNs
// from the role.
func (c *caller) completeSession() {
	if parts, ok := splitARN(c.arn); ok && c.role == "" {
		rest, _ := strings.CutPrefix(parts[5], "assumed-role/")
		name, _, _ := strings.Cut(rest, "/")
		c.roleName = name
		c.role = "arn:" + parts[1] + ":iam::" + parts[4] + ":role/" + name
	}
	parts, ok := splitARN(c.role)
	if !ok {
		return
	}
	path := strings.TrimPrefix(parts[5], "role/")
	c.serviceLinked = c.serviceLinked || strings.HasPrefix(path, "aws-service-role/")
	if c.arn == "" {
		name := path[strings.LastIndexByte(path, '/')+1:]
		c.sessionPrefix = "arn:" + parts[1] + ":sts::" + parts[4] + ":assumed-role/" + name + "/"
	}
}

// isRole says whether a principal of a policy is the role behind the session.
func (c *caller) isRole(entity string) bool {
	if entity == c.role || c.roleName == "" {
		return entity != "" && entity == c.role
	}
	parts, ok := splitARN(entity)
	return ok && parts[2] == "iam" && parts[4] == c.account && strings.HasPrefix(parts[5], "role/") &&
		parts[5][strings.LastIndexByte(parts[5], '/')+1:] == c.roleName
}

// principalArn is the value of aws:PrincipalArn: the role for its sessions ("AWS global
// condition context keys").
func (c *caller) principalArn() string {
	if c.kind == RoleSession {
		return c.role
	}
	return c.arn
}

// principalType is the value of aws:PrincipalType.
func (c *caller) principalType() string {
	switch c.kind {
	case RootUser:
		return "Account"
	case User:
		return "User"
	case RoleSession:
		return "AssumedRole"
	case FederatedUser:
		return "FederatedUser"
	case Anonymous:
		return "Anonymous"
	case ServicePrincipal, IdentityProvider, CanonicalUser:
	}
	return ""
}
