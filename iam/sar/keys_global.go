package sar

import (
	"slices"
	"strings"
	"sync"
)

// globalKeyTypes are the keys of "AWS global condition context keys" (IAM User Guide), by type.
var globalKeyTypes = map[string]string{
	"ARN": "aws:PrincipalArn aws:SourceArn aws:ChatbotSourceArn",
	"Bool": `aws:PrincipalIsAWSService aws:AssumedRoot aws:MultiFactorAuthPresent aws:ViaAWSService
		aws:ViaAWSMCPService aws:SecureTransport aws:IsMcpServiceAction`,
	"Numeric":   "aws:MultiFactorAuthAge",
	"Date":      "aws:TokenIssueTime aws:CurrentTime aws:EpochTime",
	"IPAddress": "aws:SourceIp aws:VpcSourceIp aws:Ec2InstanceSourcePrivateIPv4",
	"ArrayOfString": `aws:PrincipalOrgPaths aws:PrincipalServiceNamesList aws:VpceOrgPaths aws:ResourceOrgPaths
		aws:CalledVia aws:TagKeys aws:SourceOrgPaths`,
	"String": `aws:PrincipalAccount aws:PrincipalOrgID aws:PrincipalTag/${TagKey} aws:PrincipalServiceName
		aws:PrincipalType aws:userid aws:username aws:FederatedProvider aws:Ec2InstanceSourceVpc aws:SourceIdentity
		aws:SourceVpc aws:SourceVpcArn aws:SourceVpce aws:VpceAccount aws:VpceOrgID aws:ResourceAccount
		aws:ResourceOrgID aws:ResourceTag/${TagKey} aws:CalledViaFirst aws:CalledViaLast aws:CalledViaAWSMCP
		aws:referer aws:RequestedRegion aws:RequestTag/${TagKey} aws:SourceAccount aws:SourceOwner aws:SourceOrgID
		aws:UserAgent`,
}

// sessionKeys come with the credentials that a service hands out, whatever is called with them.
var sessionKeys = map[string]string{
	"Numeric": "ec2:RoleDelivery",
	"ARN":     "ec2:SourceInstanceArn lambda:SourceFunctionArn ssm:SourceInstanceArn",
	"String":  "glue:RoleAssumedBy glue:CredentialIssuingService identitystore:UserId",
}

type globalTable struct {
	exact    map[string]Key
	patterns []Key
}

var globals = sync.OnceValue(func() globalTable {
	t := globalTable{exact: map[string]Key{}}
	for _, table := range []map[string]string{globalKeyTypes, sessionKeys} {
		for _, typ := range sortedKeys(table) {
			for name := range strings.FieldsSeq(table[typ]) {
				k := newKey(name, typ)
				t.exact[strings.ToLower(name)] = k
				if strings.Contains(name, "${") {
					t.patterns = append(t.patterns, k)
				}
			}
		}
	}
	return t
})

// globalKey finds a global key or one of a service's sessions by its name in lower case.
func globalKey(fold string) (Key, bool) {
	t := globals()
	if k, ok := t.exact[fold]; ok {
		return k, true
	}
	for _, k := range t.patterns {
		if matchesKey(k.Name, fold) {
			return k, true
		}
	}
	return Key{}, false
}

// GlobalKeys lists the global condition keys and the keys of sessions in the order of their names.
func GlobalKeys() []Key {
	t := globals()
	out := make([]Key, 0, len(t.exact))
	for _, name := range sortedKeys(t.exact) {
		out = append(out, t.exact[name])
	}
	return out
}

// listedPerAction names the global keys that the reference lists action by action: a request
// carries them only when the API takes tags or the resource type has them.
func listedPerAction(name string) bool {
	return slices.Contains([]string{"aws:RequestTag/${TagKey}", "aws:TagKeys", "aws:ResourceTag/${TagKey}"}, name)
}
