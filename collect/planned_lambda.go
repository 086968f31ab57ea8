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
// asks nobody who calls. Of a function that is there already there may be others.
func invokePolicy(p *Planned) assize.Value {
	statements := assize.List{}
	for _, permission := range p.Parts[typePermission] {
		if s := permissionStatement(p, permission.Attributes); s != nil {
			statements = append(statements, s)
		}
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
				statements = append(statements, lambdaStatement(p, "*", "lambda:InvokeFunctionUrl", assize.NewObject(map[string]assize.Value{
					"StringEquals": assize.NewObject(map[string]assize.Value{"lambda:FunctionUrlAuthType": "NONE"}),
				})))
			}
		}
	}
	open := p.Unlinked[typePermission] != nil || p.Unlinked[typeFunctionURL] != nil
	made := (&translation{object: p}).made()
	switch {
	case len(statements) == 0 && !made:
		return deferred
	case open || !made:
		statements = append(statements, lambdaStatement(p, assize.Hole, "lambda:InvokeFunction", nil))
	}
	text, err := assize.AppendJSON(nil, assize.NewObject(map[string]assize.Value{"Version": "2012-10-17", "Statement": statements}))
	if err != nil {
		return wrongPlanned(typePermission, "a policy")
	}
	return string(text)
}

// ofQualifier reports whether a permission or URL is for an alias or version, which has a policy of its own.
func ofQualifier(o assize.Object) bool {
	qualifier, _ := o.Get("qualifier").(string)
	return qualifier != ""
}

// lambdaStatement is a statement of a function's policy. As long as the function has no ARN that is known, the
// statement is for all: it is for none but this function anyway.
func lambdaStatement(p *Planned, principal, action assize.Value, condition assize.Value) assize.Value {
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

// permissionStatement is the statement of a permission; nil of one for an alias or version.
func permissionStatement(p *Planned, o assize.Object) assize.Value {
	if ofQualifier(o) {
		return nil
	}
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
