package cloudformation_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
)

// TestParts holds how resources are joined to those that they belong to.
func TestParts(t *testing.T) {
	t.Parallel()
	const policy = `{Version: "2012-10-17", Statement: [{Effect: Deny, Principal: "*", Action: "s3:*", Resource: "*"}]}`
	const known = `{"Statement":[{"Action":"s3:*","Effect":"Deny","Principal":"*","Resource":"*"}],"Version":"2012-10-17"}`
	for _, tt := range []struct {
		name, bucket, part string
		want               assize.Value // cause where it is not known
	}{
		{"by reference", "", `{Bucket: !Ref B, PolicyDocument: ` + policy + `}`, known},
		{"by name", `Properties: {BucketName: data}`, `{Bucket: data, PolicyDocument: ` + policy + `}`, known},
		{"of another bucket", `Properties: {BucketName: data}`, `{Bucket: other, PolicyDocument: ` + policy + `}`, nil},
		{"of a bucket that is not known", "", `{Bucket: !Ref Open, PolicyDocument: ` + policy + `}`, assize.Unlinked},
		{"of a bucket whose name is not known", `Properties: {BucketName: !Ref Open}`, `{Bucket: data, PolicyDocument: ` + policy + `}`, assize.Unlinked},
		{"unknown content", "", `{Bucket: !Ref B, PolicyDocument: !Ref Open}`, assize.UntilApply},
		{"under a condition", "", "{Bucket: !Ref B, PolicyDocument: " + policy + "}\n    Condition: C", assize.Unlinked},
		{"under the same condition", `Condition: C`, "{Bucket: !Ref B, PolicyDocument: " + policy + "}\n    Condition: C", known},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			text := "Parameters: {Open: {Type: String}}\nConditions: {C: !Equals [!Ref Open, x]}\nResources:\n  B:\n    Type: AWS::S3::Bucket\n"
			if tt.bucket != "" {
				text += "    " + tt.bucket + "\n"
			}
			text += "  P:\n    Type: AWS::S3::BucketPolicy\n    Properties: " + tt.part + "\n"
			got := resource(t, read(t, text, options(t)), "t.yaml:B").Properties.At("BucketPolicy.PolicyDocument")
			if u, ok := got.(*assize.Unknown); ok {
				got = u.Cause
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// attached adds elements to lists of other resources, in every way.
const attached = `
Parameters: {Open: {Type: String}}
Conditions: {C: !Equals [!Ref Open, x]}
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: []}
      Policies: [{PolicyName: own, PolicyDocument: {Version: "2012-10-17", Statement: []}}]
  Other: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {}}}
  Inline:
    Type: AWS::IAM::Policy
    Properties: {PolicyName: more, PolicyDocument: {Version: "2012-10-17", Statement: []}, Roles: [!Ref Role]}
  Managed:
    Type: AWS::IAM::ManagedPolicy
    Properties: {PolicyDocument: {Version: "2012-10-17", Statement: []}, Roles: [!Ref Role]}
  Maybe:
    Type: AWS::IAM::RolePolicy
    Condition: C
    Properties: {PolicyName: perhaps, PolicyDocument: {Version: "2012-10-17", Statement: []}, RoleName: !Ref Other}
  Open: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: x}}
  Closed: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: x}}
  Rule:
    Type: AWS::EC2::SecurityGroupEgress
    Properties: {GroupId: !GetAtt Closed.GroupId, IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 10.0.0.0/8}
`

// elements names the elements of a list: what they name, or why they are not known.
func elements(v assize.Value) (names []string) {
	list, _ := v.(assize.List)
	for _, e := range list {
		switch x := e.(type) {
		case assize.Object:
			names = append(names, fmt.Sprint(x.Get("PolicyName"), x.Get("CidrIp")))
		case *assize.Unknown:
			if x.Refers != nil {
				names = append(names, "names "+x.Refers.ID)
				continue
			}
			names = append(names, string(x.Cause))
		}
	}
	return names
}

// TestAttachments holds that resources which add an element to a list of another are in it.
func TestAttachments(t *testing.T) {
	t.Parallel()
	tpl := read(t, attached, options(t))
	got := map[string][]string{}
	for _, r := range tpl.After.Resources {
		for _, list := range []string{"Policies", "ManagedPolicyArns", "SecurityGroupEgress"} {
			if v := elements(r.Properties.Get(list)); len(v) > 0 {
				got[r.ID+" "+list] = v
			}
		}
	}
	want := map[string][]string{
		"t.yaml:Role Policies":              {"own<nil>", "more<nil>"},
		"t.yaml:Role ManagedPolicyArns":     {"names t.yaml:Managed"},
		"t.yaml:Other Policies":             {"unlinked"},
		"t.yaml:Open SecurityGroupEgress":   {"<nil>0.0.0.0/0"},
		"t.yaml:Closed SecurityGroupEgress": {"<nil>10.0.0.0/8"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(tpl.Unmapped) != 0 {
		t.Errorf("unmapped: %v; what is joined to others is not", tpl.Unmapped)
	}
}

// TestPartsElsewhere holds that a resource that is handed to a template which is not at hand
// may have parts there.
func TestPartsElsewhere(t *testing.T) {
	t.Parallel()
	tpl := read(t, `
Resources:
  Handed: {Type: AWS::S3::Bucket}
  Kept: {Type: AWS::S3::Bucket}
  Away: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: away.yaml, Parameters: {Bucket: !Ref Handed}}}
`, options(t))
	const path = "BucketPolicy.PolicyDocument"
	if u, ok := resource(t, tpl, "t.yaml:Handed").Properties.At(path).(*assize.Unknown); !ok || u.Cause != assize.Unlinked {
		t.Errorf("handed on: %v, want that it may have a policy", u)
	}
	if got := resource(t, tpl, "t.yaml:Kept").Properties.At(path); got != nil {
		t.Errorf("kept: %v, want no policy", got)
	}
}
