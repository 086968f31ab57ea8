package iam

import (
	"fmt"
	"sort"
	"strings"
)

// Request is one authorization check.
type Request struct {
	Principal Principal
	// Action such as "bedrock:InvokeModel".
	Action string
	// Resource is an ARN, or "*" (or empty) for an action without resource type.
	Resource string
	// ResourceAccount owns the resource. When empty it is the account in the ARN; when
	// that is empty too, the caller's account where the resource has no policy of its own.
	ResourceAccount string
	// Context holds the condition keys. Keys that follow from the principal
	// (aws:PrincipalArn, aws:PrincipalAccount, aws:PrincipalType, aws:username,
	// aws:PrincipalIsAWSService, aws:PrincipalServiceName) and aws:ResourceAccount are
	// added when absent from it.
	Context *Context
}

// Prepared is a request folded and split once, to be decided many times and by many
// goroutines.
type Prepared struct {
	caller   caller
	action   string
	target   target
	owner    string
	context  contextTable
	free     bool // sts:GetCallerIdentity
	strict   bool
	rcp      bool
	bucketOp bool // root may always repair its bucket policy
}

// Prepare checks a request and makes it ready for Decide.
func Prepare(r Request) (*Prepared, error) {
	service, name, ok := strings.Cut(r.Action, ":")
	if !ok || service == "" || name == "" || strings.ContainsAny(r.Action, "*?") {
		return nil, fmt.Errorf("action %q is not of the form service:Name", r.Action)
	}
	c, err := newCaller(r.Principal)
	if err != nil {
		return nil, err
	}
	q := &Prepared{caller: c, action: strings.ToLower(r.Action), target: newTarget(r.Resource), owner: r.ResourceAccount}
	service = strings.ToLower(service)
	if q.owner == "" && q.target.isARN && isAccountID(q.target.parts[4]) {
		q.owner = q.target.parts[4]
	}
	q.free = q.action == "sts:getcalleridentity" && c.hasIdentity()
	q.strict = isStrict(service, &q.target)
	q.rcp = resourceControlService(service)
	switch q.action {
	case "s3:getbucketpolicy", "s3:putbucketpolicy", "s3:deletebucketpolicy":
		q.bucketOp = true
	}
	q.context = q.fullContext(r.Context)
	return q, nil
}

// ownBucket: the root user reads or changes the policy of a bucket of its own account.
func (q *Prepared) ownBucket() bool {
	return q.bucketOp && q.caller.kind == RootUser && q.caller.account == q.owner
}

// isStrict marks resources whose own policy must name or delegate to the caller even in
// the same account: role trust policies and KMS keys ("Cross account resource access in
// IAM", "Key policies in AWS KMS").
func isStrict(service string, t *target) bool {
	switch service {
	case "kms":
		return t.isARN && strings.HasPrefix(t.parts[5], "key/")
	case "sts":
		return t.isARN && t.parts[2] == "iam" && strings.HasPrefix(t.parts[5], "role/")
	default:
		return false
	}
}

// Keys that follow from the caller and the resource.
var (
	keyPrincipalArn      = newContextKey("aws:PrincipalArn")
	keyPrincipalAccount  = newContextKey("aws:PrincipalAccount")
	keyPrincipalType     = newContextKey("aws:PrincipalType")
	keyPrincipalOrgID    = newContextKey("aws:PrincipalOrgID")
	keyPrincipalOrgPaths = newContextKey("aws:PrincipalOrgPaths")
	keyIsService         = newContextKey("aws:PrincipalIsAWSService")
	keyServiceName       = newContextKey("aws:PrincipalServiceName")
	keyServiceNames      = newContextKey("aws:PrincipalServiceNamesList")
	keyUserName          = newContextKey("aws:username")
	keyUserID            = newContextKey("aws:userid")
	keyResourceAccount   = newContextKey("aws:ResourceAccount")
)

// set gives a key a value, absent gives it none; neither overrides what the request says.
func (t *contextTable) set(k *contextKey, value string) {
	if value != "" && t.lookup(k) == nil {
		t.add(contextEntry{key: *k, values: []string{value}})
	}
}

func (t *contextTable) absent(list ...*contextKey) {
	if !t.open {
		return
	}
	for _, k := range list {
		if t.lookup(k) == nil {
			t.add(contextEntry{key: *k, state: keyAbsent})
		}
	}
}

// fullContext adds what follows from the principal to the caller's keys.
func (q *Prepared) fullContext(given *Context) contextTable {
	t := given.clone().table
	c := &q.caller
	t.set(&keyPrincipalType, c.principalType())
	if c.hasIdentity() {
		t.set(&keyPrincipalArn, c.principalArn())
		t.set(&keyPrincipalAccount, c.account)
		t.set(&keyIsService, "false")
		t.absent(&keyServiceName, &keyServiceNames)
	}
	switch c.kind {
	case User:
		t.set(&keyUserName, c.arn[strings.LastIndexByte(c.arn, '/')+1:])
	case ServicePrincipal:
		t.set(&keyIsService, "true")
		t.set(&keyServiceName, c.service)
		t.absent(&keyPrincipalArn, &keyPrincipalAccount, &keyPrincipalOrgID, &keyPrincipalOrgPaths, &keyUserName)
	case Anonymous:
		t.set(&keyPrincipalAccount, "anonymous")
		t.set(&keyUserID, "anonymous")
		t.set(&keyIsService, "false")
		t.absent(&keyPrincipalArn, &keyPrincipalOrgID, &keyPrincipalOrgPaths, &keyUserName, &keyServiceName, &keyServiceNames)
	case RoleSession, RootUser, FederatedUser, IdentityProvider, CanonicalUser:
		t.absent(&keyUserName)
	}
	t.set(&keyResourceAccount, q.owner)
	return t
}

func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}
