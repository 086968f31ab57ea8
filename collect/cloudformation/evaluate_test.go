package cloudformation

import (
	"sync"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
	"github.com/assize-dev/assize/library"
)

var libraryMapping = sync.OnceValues(func() (*collect.PlannedMapping, error) {
	lib, err := library.Load()
	if err != nil {
		return nil, err
	}
	return collect.NewTemplateMapping(lib.Definitions)
})

func mappingOf(t testing.TB) *collect.PlannedMapping {
	t.Helper()
	m, err := libraryMapping()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// around is what the expressions of the tests refer to.
const around = `
Transform: AWS::LanguageExtensions
Parameters:
  Given: {Type: String}
  Standard: {Type: String, Default: blue}
  Open: {Type: String}
  Ending: {Type: String, Default: ey}
  Password: {Type: String, NoEcho: true, Default: hunter2}
  Zones: {Type: CommaDelimitedList, Default: "a, b,c"}
  Image: {Type: "AWS::SSM::Parameter::Value<String>", Default: /images/latest}
Mappings:
  Sizes:
    eu-west-1: {Small: t3.micro, Count: 3, Names: [x, y]}
    "123456789012": {Small: by-account}
Conditions:
  Always: !Equals [!Ref Standard, blue]
  Never: !Not [!Condition Always]
  Undecided: !Equals [!Ref Open, "yes"]
  Both: !And [!Condition Always, !Condition Undecided]
  NeverBoth: !And [!Condition Never, !Condition Undecided]
  Either: !Or [!Condition Always, !Condition Undecided]
  Round: !Condition Round
Resources:
  Bucket: {Type: "AWS::S3::Bucket"}
  Named: {Type: "AWS::S3::Bucket", Properties: {BucketName: !Sub "${Standard}-logs"}}
  Key: {Type: "AWS::KMS::Key", Properties: {KeyPolicy: {}}}
  Alias: {Type: "AWS::KMS::Alias", Properties: {AliasName: alias/x, TargetKeyId: !Ref Key}}
  Topic: {Type: "AWS::SNS::Topic", Properties: {TopicName: news}}
  Program: {Type: "Custom::Thing", Properties: {ServiceToken: x}}
  Gone: {Type: "AWS::S3::Bucket", Condition: Never}
  R:
    Type: AWS::SNS::Subscription
    Properties:
      V: `

// evaluated is the value of an expression in a template.
func evaluated(t *testing.T, expression string) assize.Value {
	t.Helper()
	fsys := fstest.MapFS{"t.yaml": {Data: []byte(around + expression + "\n")}}
	o := Options{
		Mapping: mappingOf(t), Account: "123456789012", Region: "eu-west-1", StackName: "shop",
		Parameters: map[string]string{"Given": "red"},
	}
	p := newProject(fsys, o)
	data, err := p.read("t.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := p.add(stackAt{file: "t.yaml", account: o.Account, region: o.Region, name: o.StackName}, data); err != nil {
		t.Fatal(err)
	}
	return p.stacks[0].items["R"].attributes().Attributes.Get("V")
}

func refersTo(typ, region, logical string) *assize.Unknown {
	return &assize.Unknown{Cause: assize.UntilApply, Refers: &assize.Reference{Type: typ, Account: "123456789012", Region: region, ID: "t.yaml:" + logical}}
}

var (
	bucket    = refersTo("AWS::S3::Bucket", "eu-west-1", "Bucket")
	key       = refersTo("AWS::KMS::Key", "eu-west-1", "Key")
	undecided = untilApply("the condition Undecided of the template is not decided")
	rest      = &assize.Unknown{Cause: undecided.Cause, Detail: undecided.Detail, Rest: true}
)

// functionValues are expressions and what they give.
var functionValues = []struct {
	expression string
	want       assize.Value
}{
	{`!Ref Given`, "red"},
	{`!Ref Standard`, "blue"},
	{`!Ref Open`, untilApply("the parameter Open")},
	{`!Ref Zones`, assize.List{"a", "b", "c"}},
	{`!Ref Image`, untilApply("the SSM parameter that the parameter Image names")},
	{`!Ref AWS::AccountId`, "123456789012"},
	{`!Ref AWS::Region`, "eu-west-1"},
	{`!Ref AWS::Partition`, "aws"},
	{`!Ref AWS::URLSuffix`, "amazonaws.com"},
	{`!Ref AWS::StackName`, "shop"},
	{`!Ref AWS::StackId`, untilApply("AWS::StackId")},
	{`!Ref AWS::NoValue`, nil},
	{`[a, !Ref AWS::NoValue, b]`, assize.List{"a", "b"}},
	// what may not be there is no element, or a list of nothing but it would count as one that is not empty
	{`[!If [Undecided, x, !Ref AWS::NoValue]]`, assize.List{rest}},
	{`[a, !If [Undecided, !If [Open, x, !Ref AWS::NoValue], y], !If [Undecided, !Ref AWS::NoValue, z], b]`, assize.List{"a", "b", rest}},
	{`[!If [Undecided, x, y]]`, assize.List{undecided}},
	{`!Join [",", [a, !If [Undecided, x, !Ref AWS::NoValue]]]`, untilApply("a text that depends on the condition Undecided of the template is not decided")},
	{`!Ref Bucket`, bucket},
	{`!Ref Named`, "blue-logs"},
	{`!GetAtt Named.Arn`, "arn:aws:s3:::blue-logs"},
	{`!GetAtt [Bucket, Arn]`, bucket},
	{`{"Fn::GetAtt": [Bucket, Arn]}`, bucket},
	{`!GetAtt Bucket.DomainName`, untilApply("t.yaml:Bucket.DomainName")},
	{`!Ref Topic`, "arn:aws:sns:eu-west-1:123456789012:news"},
	{`!Ref Key`, key},
	{`{Ref: !Sub "K${Ending}"}`, key},
	{`{Ref: !If [Undecided, Key, Bucket]}`, untilApply("what Ref names")},
	{`{"Fn::GetAtt": [!Join ["", [Buck, et]], Arn]}`, bucket},
	{`{"Fn::GetAtt": [!Ref Open, Arn]}`, untilApply("what Fn::GetAtt names")},
	{`!Ref Alias`, key},
	{`!GetAtt Program.Answer`, untilApply("t.yaml:Program.Answer")},
	{`!Ref Missing`, untilApply("Missing, which the template does not have")},
	{`!Sub "${Standard}/${AWS::Region}/${!Literal}"`, "blue/eu-west-1/${Literal}"},
	{`!Sub ["${A}-${B}", {A: 1, B: !Ref Given}]`, "1-red"},
	{`!Sub "arn:${AWS::Partition}:s3:::${Bucket}"`, bucket},
	{`!Sub "s3://${Bucket}/x"`, untilApply("a text that depends on t.yaml:Bucket")},
	{`!Join ["-", [a, 1, true, !Ref Standard]]`, "a-1-true-blue"},
	{`!Join [",", !Ref Zones]`, "a,b,c"},
	{`!Join ["", [a, !Ref Open]]`, untilApply("a text that depends on the parameter Open")},
	{`!Select [1, [a, !Ref Open, c]]`, untilApply("the parameter Open")},
	{`!Select ["2", !Ref Zones]`, "c"},
	{`!Split ["|", "a|b"]`, assize.List{"a", "b"}},
	{`!Select [5, !Split [":", !GetAtt Named.Arn]]`, "blue-logs"},
	{`!FindInMap [Sizes, !Ref AWS::Region, Small]`, "t3.micro"},
	{`!FindInMap [Sizes, !Ref AWS::Region, Count]`, int64(3)},
	{`!FindInMap [Sizes, !Ref AWS::AccountId, Small]`, "by-account"},
	{`!FindInMap [Sizes, us-east-1, Small, {DefaultValue: none}]`, "none"},
	{`!FindInMap [Sizes, !Ref Open, Small]`, untilApply("an entry of a mapping by a key that is not known")},
	{`!If [Always, 1, 2]`, int64(1)},
	{`!If ["Always", 1, 2]`, int64(1)},
	{`!If [Never, 1, 2]`, int64(2)},
	{`!If [Undecided, 1, 2]`, undecided},
	{`!If [Undecided, same, same]`, "same"},
	{`!If [Undecided, x, !Ref AWS::NoValue]`, undecided},
	{`!If [Both, 1, 2]`, untilApply("the condition Both of the template is not decided")},
	{`!If [NeverBoth, 1, 2]`, int64(2)},
	{`!If [Either, 1, 2]`, int64(1)},
	{`!If [Round, 1, 2]`, untilApply("the condition Round of the template is not decided")},
	{`!Base64 hello`, "aGVsbG8="},
	{`!Cidr [10.0.0.0/16, 3, 8]`, assize.List{"10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24"}},
	{`!Cidr [10.1.2.0/24, 2, 6]`, assize.List{"10.1.2.0/26", "10.1.2.64/26"}},
	{`!Cidr ["fd00::/56", 2, 64]`, assize.List{"fd00::/64", "fd00:0:0:1::/64"}},
	{`{"Fn::Length": !Ref Zones}`, int64(3)},
	{`{"Fn::ToJsonString": {b: [1, x], a: true}}`, `{"a":true,"b":[1,"x"]}`},
	{`!GetAZs ""`, untilApply("the availability zones of the Region")},
	{`!ImportValue other`, untilApply("the export other of another stack")},
	{`!ImportValue {"Fn::Sub": "${Password}-role"}`, untilApply("the export with a name that is not shown of another stack")},
	{`"{{resolve:ssm:/x:1}}"`, untilApply("a dynamic reference to ssm")},
	{`!Sub "x-{{resolve:secretsmanager:${Standard}:SecretString:key}}"`, untilApply("a dynamic reference to secretsmanager")},
	{`{"Fn::ForEach::L": [N, [One, Two], {"Key${N}": {Name: !Ref N, Text: !Sub "${N}-${Standard}"}}]}`, assize.Object{
		{Name: "KeyOne", Value: assize.Object{{Name: "Name", Value: "One"}, {Name: "Text", Value: "One-blue"}}},
		{Name: "KeyTwo", Value: assize.Object{{Name: "Name", Value: "Two"}, {Name: "Text", Value: "Two-blue"}}},
	}},
	{`2012-10-17`, "2012-10-17"},
	{`012345678901`, "012345678901"},
	{`[yes, "yes", Off, 'off', !Sub no]`, assize.List{true, "yes", false, "off", "no"}},
}

// TestFunctions holds what each intrinsic function gives.
func TestFunctions(t *testing.T) {
	t.Parallel()
	for _, tt := range functionValues {
		t.Run(tt.expression, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, evaluated(t, tt.expression)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestPolicies holds what becomes of policy documents: known parts stay, names of planned
// resources have a text that stands for them, and the rest is a hole.
func TestPolicies(t *testing.T) {
	t.Parallel()
	arn := assize.PlannedARN("t.yaml:Bucket")
	const version = `"Version":"2012-10-17"}`
	for _, tt := range []struct{ name, expression, want string }{
		{
			"names", `{Version: 2012-10-17, Statement: [{Effect: Deny, Principal: "*", Action: "s3:*", Resource: [!GetAtt Bucket.Arn, !Sub "${Bucket.Arn}/*", !Sub "arn:${AWS::Partition}:s3:::${Bucket}/*"]}]}`,
			`{"Statement":[{"Action":"s3:*","Effect":"Deny","Principal":"*","Resource":["` + arn + `","` + arn + `/*","` + arn + `/*"]}],` + version,
		},
		{
			"holes", `{Version: "2012-10-17", Statement: {Effect: Allow, Principal: {AWS: !Ref Open}, Action: [a:B, !Ref Open], Resource: !Sub "x/${Open}", Condition: {StringEquals: {k: !Ref Open}}}}`,
			`{"Statement":[{"Action":["a:B","` + assize.Hole + `"],"Condition":{"StringEquals":{"k":"` + assize.Hole + `"}},"Effect":"Allow","Principal":{"AWS":"` + assize.Hole + `"},"Resource":"` + assize.Hole + `"}],` + version,
		},
		{
			"a statement that may be there", `{Version: "2012-10-17", Statement: [!If [Undecided, {Effect: Allow, Action: a:B, Resource: "*"}, !Ref AWS::NoValue]]}`,
			`{"Statement":[{"Action":"a:B","Condition":{"StringEquals":{"assize:unknown":"` + assize.Hole + `"}},"Effect":"Allow","Resource":"*"}],` + version,
		},
		{
			"an unknown condition", `{Version: "2012-10-17", Statement: [{Effect: Allow, Action: a:B, Resource: "*", Condition: !Ref Open}]}`,
			`{"Statement":[{"Action":"a:B","Condition":{"StringEquals":{"assize:unknown":"` + assize.Hole + `"}},"Effect":"Allow","Resource":"*"}],` + version,
		},
		{
			"a text", `!Sub '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "a:B", "Resource": ["${Bucket.Arn}/*", "x${Open}y"]}]}'`,
			`{"Statement":[{"Action":"a:B","Effect":"Allow","Resource":["` + arn + `/*","` + assize.Hole + `"]}],` + version,
		},
		{
			"as JSON", `{"Fn::ToJsonString": {Version: "2012-10-17", Statement: [{Effect: Allow, Action: a:B, Resource: !Ref Open}]}}`,
			`{"Statement":[{"Action":"a:B","Effect":"Allow","Resource":"` + assize.Hole + `"}],` + version,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(assize.Value(tt.want), evaluated(t, tt.expression)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	for _, expression := range []string{
		`{Version: "2012-10-17", Statement: !Ref Open}`,
		`{Version: "2012-10-17", Statement: [{Effect: !Ref Open, Action: "*", Resource: "*"}]}`,
	} {
		if got, ok := evaluated(t, expression).(*assize.Unknown); !ok || got.Cause != assize.UntilApply {
			t.Errorf("%s: got %v, want that it is not known", expression, got)
		}
	}
}
