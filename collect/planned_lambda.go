package collect

import (
	"strings"

	"github.com/assize-dev/assize"
)

// Types of parts that say who may call a function.
const (
	typePermission  = "aws_lambda_permission"
	typeFunctionURL = "aws_lambda_function_url"
)

// invokePolicy is the resource policy of a function: one statement for each permission that is tied to it, as AWS
// Lambda writes them ("Viewing resource-based IAM policies in Lambda"), and the one that the provider adds for a URL that
// asks nobody who calls. Where there may be other statements, as of a function that is there already, these decide
// only when one of them lets everybody in.
func invokePolicy(p *Planned) assize.Value {
	statements, everybody := invokeStatements(p)
	if !everybody {
		for _, typ := range []string{typePermission, typeFunctionURL} {
			if u := p.Unlinked[typ]; u != nil {
				return u
			}
		}
		if !(&translation{object: p}).made() {
			return deferred
		}
	}
	text, err := assize.AppendJSON(nil, assize.NewObject(map[string]assize.Value{"Version": "2012-10-17", "Statement": statements}))
	if err != nil {
		return wrongPlanned(typePermission, "a policy")
	}
	return string(text)
}

// invokeStatements are the statements that are known; everybody: one of them lets all in without a condition, or by
// the URL.
func invokeStatements(p *Planned) (statements assize.List, everybody bool) {
	statements = assize.List{}
	for _, permission := range p.Parts[typePermission] {
		if ofQualifier(permission.Attributes) {
			continue
		}
		s := permissionStatement(p, permission.Attributes)
		everybody = everybody || s.Get("Principal") == "*" && s.Get("Condition") == nil
		statements = append(statements, s)
	}
	for _, url := range p.Parts[typeFunctionURL] {
		if ofQualifier(url.Attributes) {
			continue
		}
		switch auth := url.Attributes.Get("authorization_type").(type) {
		case *assize.Unknown:
			statements = append(statements, lambdaStatement(p, assize.Hole, "lambda:InvokeFunctionUrl", nil))
		case string:
			if auth == "NONE" {
				everybody = true
				statements = append(statements, lambdaStatement(p, "*", "lambda:InvokeFunctionUrl", assize.NewObject(map[string]assize.Value{
					"StringEquals": assize.NewObject(map[string]assize.Value{"lambda:FunctionUrlAuthType": "NONE"}),
				})))
			}
		}
	}
	return statements, everybody
}

// ofQualifier reports whether a permission or URL is for an alias or version, which has a policy of its own.
func ofQualifier(o assize.Object) bool {
	qualifier, _ := o.Get("qualifier").(string)
	return qualifier != ""
}

// lambdaStatement is a statement of a function's policy. As long as the function has no ARN that is known, the
// statement is for all: it is for none but this function anyway.
func lambdaStatement(p *Planned, principal, action assize.Value, condition assize.Value) assize.Object {
	arn, ok := p.Attributes.Get("arn").(string)
	if !ok {
		arn = "*"
	}
	return assize.NewObject(map[string]assize.Value{"Effect": "Allow", "Principal": principal, "Action": action, "Resource": arn}).
		Set("Condition", condition)
}

// permissionConditions are the arguments of a permission that narrow it, with the condition that AWS Lambda makes of
// each ("AddPermission").
var permissionConditions = []struct{ argument, operator, key string }{
	{"source_arn", "ArnLike", "AWS:SourceArn"},
	{"source_account", "StringEquals", "AWS:SourceAccount"},
	{"principal_org_id", "StringEquals", "aws:PrincipalOrgID"},
	{"event_source_token", "StringEquals", "lambda:EventSourceToken"},
	{"function_url_auth_type", "StringEquals", "lambda:FunctionUrlAuthType"},
}

// permissionStatement is the statement of a permission.
func permissionStatement(p *Planned, o assize.Object) assize.Object {
	by := map[string]assize.Object{}
	for _, c := range permissionConditions {
		if v := o.Get(c.argument); v != nil && v != "" {
			by[c.operator] = by[c.operator].Set(c.key, orHole(v))
		}
	}
	var condition assize.Value
	if len(by) > 0 {
		fields := map[string]assize.Value{}
		for operator, keys := range by {
			fields[operator] = keys
		}
		condition = assize.NewObject(fields)
	}
	return lambdaStatement(p, principalOf(o.Get("principal")), orHole(o.Get("action")), condition)
}

// principalOf is a permission's principal as a policy names it: everybody, a service, or an account or ARN.
func principalOf(v assize.Value) assize.Value {
	name, known := orHole(v).(string)
	switch {
	case !known, name == "*":
		return "*"
	case strings.HasSuffix(name, ".amazonaws.com"), strings.HasSuffix(name, ".amazonaws.com.cn"):
		return assize.NewObject(map[string]assize.Value{"Service": name})
	}
	return assize.NewObject(map[string]assize.Value{"AWS": assize.List{name}})
}

// orHole puts the mark of what is not known in place of a value that is not.
func orHole(v assize.Value) assize.Value {
	if _, ok := v.(string); !ok {
		return assize.Hole
	}
	return v
}
