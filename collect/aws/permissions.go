package aws

import (
	"slices"
	"strings"

	"github.com/assize-dev/assize/collect"
)

// Permissions are the IAM policies that let a role collect: nothing more than what
// the collectors of the names (all, where there is none) and the source itself call.
// With the name of a role, they also let it enter other accounts by their roles of that
// name, as [Organization] does.
func Permissions(names []string, roleName string) ([]collect.PolicyDocument, error) {
	units, err := chosen(names)
	if err != nil {
		return nil, err
	}
	decls := []*collect.Declaration{&sessionUnit}
	for _, c := range units {
		decls = append(decls, &c.Declaration)
	}
	more := gatewayKeys(decls)
	if roleName != "" {
		more = append(more, collect.PolicyStatement{
			Sid: "EnterAccounts", Effect: "Allow", Action: []string{"sts:AssumeRole"},
			Resource: "arn:*:iam::*:role/" + strings.TrimPrefix(roleName, "/"),
		})
	}
	return collect.Permissions(decls, more...), nil
}

// gatewayKeys keeps API keys out of reach. API Gateway has one action for all that
// reads, the values of its keys included, which no collector asks for.
func gatewayKeys(decls []*collect.Declaration) []collect.PolicyStatement {
	for _, d := range decls {
		for _, op := range d.Operations {
			if !slices.Contains(op.Actions, actionGetGateway) {
				continue
			}
			deny := func(sid, path string) collect.PolicyStatement {
				return collect.PolicyStatement{Sid: sid, Effect: "Deny", Action: []string{actionGetGateway}, Resource: "arn:*:apigateway:*::" + path}
			}
			return []collect.PolicyStatement{deny("NoApiKeys", "/apikeys*"), deny("NoUsagePlanKeys", "/usageplans/*/keys*")}
		}
	}
	return nil
}
