package config

import (
	"strings"

	"github.com/zclconf/go-cty/cty"
)

// documentType is the data source that writes policies.
const documentType = "aws_iam_policy_document"

// dataValue is what a data source gives. Those that ask nobody are evaluated, others are unknown.
func (in *instance) dataValue() cty.Value {
	mi := in.scope.module
	to := func() destination { return mi.destinationOf(in.decl.providerOf()) }
	switch in.decl.typ {
	case documentType:
		return in.documentValue()
	case "aws_region":
		region := to().region
		if region == "" || in.decl.body.Attributes["name"] != nil || in.decl.body.Attributes["region"] != nil {
			return cty.DynamicVal
		}
		v := cty.StringVal(region)
		return cty.ObjectVal(map[string]cty.Value{"name": v, "id": v, "region": v, "description": cty.DynamicVal, "endpoint": cty.DynamicVal})
	case "aws_partition":
		if to().region == "" {
			return cty.DynamicVal
		}
		partition, suffix := "aws", "amazonaws.com"
		switch region := to().region; {
		case strings.HasPrefix(region, "cn-"):
			partition, suffix = "aws-cn", "amazonaws.com.cn"
		case strings.HasPrefix(region, "us-gov-"):
			partition = "aws-us-gov"
		}
		return cty.ObjectVal(map[string]cty.Value{
			"partition": cty.StringVal(partition), "id": cty.StringVal(partition), "dns_suffix": cty.StringVal(suffix),
			"reverse_dns_prefix": cty.DynamicVal,
		})
	case "aws_caller_identity":
		account := to().account
		if account == "" {
			return cty.DynamicVal
		}
		v := cty.StringVal(account)
		return cty.ObjectVal(map[string]cty.Value{"account_id": v, "id": v, "arn": cty.DynamicVal, "user_id": cty.DynamicVal})
	}
	return cty.DynamicVal
}

func (in *instance) documentValue() cty.Value {
	mi := in.scope.module
	text := cty.UnknownVal(cty.String)
	if doc, ok := mi.ev.document(in.arguments(), in.address); ok {
		if s, err := doc.encode(); err == nil {
			text = cty.StringVal(s)
		}
	}
	out := map[string]cty.Value{}
	for name, v := range in.arguments().object() {
		out[name] = v
	}
	out["json"], out["minified_json"], out["id"] = text, text, cty.DynamicVal
	return cty.ObjectVal(out)
}
