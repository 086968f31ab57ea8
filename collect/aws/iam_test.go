package aws

import (
	"encoding/base64"
	"net/http"
	"testing"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/internal/fakeaws"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/google/go-cmp/cmp"
)

const (
	trustPolicy = `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "bedrock.amazonaws.com"}, "Action": "sts:AssumeRole"}]}`
	openPolicy  = `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "bedrock:*", "Resource": "*", "Condition": {"StringLike": {"aws:PrincipalTag/team": "a+b%20c"}}}]}`
	tightPolicy = `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "bedrock:InvokeModel", "Resource": "arn:aws:bedrock:*::foundation-model/a"}]}`
)

// seedIAM makes a role, a user, a group and a policy that are tied together.
func seedIAM(t *testing.T, b *coreBench) {
	t.Helper()
	api, ctx := iam.NewFromConfig(b.config(t, coreRegion)), t.Context()
	policy, err := api.CreatePolicy(ctx, &iam.CreatePolicyInput{PolicyName: aws.String("open"), PolicyDocument: aws.String(tightPolicy)})
	noError(t, err)
	_, err = api.CreatePolicyVersion(ctx, &iam.CreatePolicyVersionInput{
		PolicyArn: policy.Policy.Arn, PolicyDocument: aws.String(openPolicy), SetAsDefault: true,
	})
	noError(t, err)
	_, err = api.CreateRole(ctx, &iam.CreateRoleInput{
		RoleName: aws.String("agent"), Path: aws.String("/ai/"), AssumeRolePolicyDocument: aws.String(trustPolicy),
		PermissionsBoundary: policy.Policy.Arn,
	})
	noError(t, err)
	_, err = api.PutRolePolicy(ctx, &iam.PutRolePolicyInput{
		RoleName: aws.String("agent"), PolicyName: aws.String("inline"), PolicyDocument: aws.String(openPolicy),
	})
	noError(t, err)
	_, err = api.AttachRolePolicy(ctx, &iam.AttachRolePolicyInput{RoleName: aws.String("agent"), PolicyArn: policy.Policy.Arn})
	noError(t, err)
	_, err = api.CreateGroup(ctx, &iam.CreateGroupInput{GroupName: aws.String("builders")})
	noError(t, err)
	_, err = api.PutGroupPolicy(ctx, &iam.PutGroupPolicyInput{
		GroupName: aws.String("builders"), PolicyName: aws.String("inline"), PolicyDocument: aws.String(openPolicy),
	})
	noError(t, err)
	_, err = api.CreateUser(ctx, &iam.CreateUserInput{UserName: aws.String("ada")})
	noError(t, err)
	_, err = api.AddUserToGroup(ctx, &iam.AddUserToGroupInput{GroupName: aws.String("builders"), UserName: aws.String("ada")})
	noError(t, err)
	_, err = api.CreateLoginProfile(ctx, &iam.CreateLoginProfileInput{UserName: aws.String("ada"), Password: aws.String("correct-horse-9")})
	noError(t, err)
	_, err = api.CreateAccessKey(ctx, &iam.CreateAccessKeyInput{UserName: aws.String("ada")})
	noError(t, err)
}

func TestIAM(t *testing.T) {
	t.Parallel()
	b := newCoreBench(t)
	seedIAM(t, b)
	b.ResetCounts()
	run := b.run(t, []*collector{&iamAuthorization})
	run.complete(t, assize.Global, typeRole, typeUser, typeGroup, typeManagedPolicy, typeRootUser)
	open := "arn:aws:iam::" + b.account + ":policy/open"
	inline := assize.List{assize.NewObject(map[string]assize.Value{"PolicyName": "inline", "PolicyDocument": openPolicy})}

	got := at(run.properties(t, assize.Global, typeRole, "agent"),
		"RoleName", "Arn", "Path", "AssumeRolePolicyDocument", "PermissionsBoundary", "Policies", "ManagedPolicyArns")
	want := map[string]any{
		"RoleName": "agent", "Arn": "arn:aws:iam::" + b.account + ":role/ai/agent", "Path": "/ai/",
		"AssumeRolePolicyDocument": trustPolicy, "PermissionsBoundary": open, "Policies": inline,
		"ManagedPolicyArns": assize.List{open},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("role (-want +got):\n%s", diff)
	}
	got = at(run.properties(t, assize.Global, typeGroup, "builders"), "Policies", "ManagedPolicyArns")
	if diff := cmp.Diff(map[string]any{"Policies": inline, "ManagedPolicyArns": assize.List{}}, got); diff != "" {
		t.Errorf("group (-want +got):\n%s", diff)
	}
	got = at(run.properties(t, assize.Global, typeUser, "ada"), "Groups", "CredentialReport.PasswordEnabled", "CredentialReport.MFAActive")
	want = map[string]any{"Groups": assize.List{"builders"}, "CredentialReport.PasswordEnabled": true, "CredentialReport.MFAActive": false}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("user (-want +got):\n%s", diff)
	}
	got = at(run.properties(t, assize.Global, typeManagedPolicy, open), "PolicyArn", "PolicyDocument", "DefaultVersionId", "AttachmentCount")
	want = map[string]any{"PolicyArn": open, "AttachmentCount": int64(1), "PolicyDocument": openPolicy, "DefaultVersionId": "v2"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("policy (-want +got):\n%s", diff)
	}
	if n := b.Count("iam", "GetAccountAuthorizationDetails"); n != 1 {
		t.Errorf("%d calls of GetAccountAuthorizationDetails, want one page", n)
	}
}

// Policies of AWS are kept where something uses them, those of the customer always,
// and of each the version in force.
func TestManagedPoliciesKept(t *testing.T) {
	t.Parallel()
	policy := func(arn string, attached, bounding int32) types.ManagedPolicyDetail {
		return types.ManagedPolicyDetail{
			Arn: &arn, AttachmentCount: &attached, PermissionsBoundaryUsageCount: &bounding,
			PolicyVersionList: []types.PolicyVersion{
				{Document: aws.String("%7B%22Id%22%3A1%7D")}, {Document: aws.String("%7B%22Id%22%3A2%7D"), IsDefaultVersion: true},
			},
		}
	}
	lost := policy("arn:aws:iam::1:policy/lost", 0, 0)
	lost.PolicyVersionList = lost.PolicyVersionList[:1]
	got := map[string]string{}
	for _, e := range entities(&iam.GetAccountAuthorizationDetailsOutput{Policies: []types.ManagedPolicyDetail{
		policy("arn:aws:iam::aws:policy/attached", 1, 0), policy("arn:aws-cn:iam::aws:policy/service-role/bounding", 0, 1),
		policy("arn:aws:iam::aws:policy/idle", 0, 0), policy("arn:aws:iam::1:policy/idle", 0, 0), lost,
	}}) {
		got[e.id] = aws.ToString(e.detail.(managedPolicy).PolicyDocument)
		if (e.err != nil) != (e.id == *lost.Arn) {
			t.Errorf("%s: %v", e.id, e.err)
		}
	}
	want := map[string]string{
		"arn:aws:iam::aws:policy/attached": `{"Id":2}`, "arn:aws-cn:iam::aws:policy/service-role/bounding": `{"Id":2}`,
		"arn:aws:iam::1:policy/idle": `{"Id":2}`, "arn:aws:iam::1:policy/lost": "",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("policies (-want +got):\n%s", diff)
	}
}

const reportHeader = "user,arn,password_enabled,password_last_used,mfa_active,access_key_1_active,access_key_1_last_rotated," +
	"access_key_1_last_used_date,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date\n"

// answerReportCSV makes fakeaws give a credential report.
func answerReportCSV(b *coreBench, table string) {
	b.Answer("iam", "GetCredentialReport", fakeaws.Match{}, http.StatusOK,
		"<GetCredentialReportResponse><GetCredentialReportResult><Content>"+base64.StdEncoding.EncodeToString([]byte(table))+
			"</Content><ReportFormat>text/csv</ReportFormat><GeneratedTime>2026-11-20T10:00:00Z</GeneratedTime>"+
			"</GetCredentialReportResult></GetCredentialReportResponse>")
}

func TestRootUser(t *testing.T) {
	t.Parallel()
	b := newCoreBench(t)
	b.Answer("iam", "GetAccountSummary", fakeaws.Match{}, http.StatusOK, "<GetAccountSummaryResponse><GetAccountSummaryResult><SummaryMap>"+
		"<entry><key>AccountMFAEnabled</key><value>1</value></entry><entry><key>AccountAccessKeysPresent</key><value>0</value></entry>"+
		"<entry><key>AccountPasswordPresent</key><value>1</value></entry>"+
		"</SummaryMap></GetAccountSummaryResult></GetAccountSummaryResponse>")
	device := func(serial, user string) string {
		return "<member><SerialNumber>" + serial + "</SerialNumber><User><Arn>" + user + "</Arn></User></member>"
	}
	b.Answer("iam", "ListVirtualMFADevices", fakeaws.Match{}, http.StatusOK, "<ListVirtualMFADevicesResponse><ListVirtualMFADevicesResult>"+
		"<IsTruncated>false</IsTruncated><VirtualMFADevices>"+device("arn:aws:iam::1:mfa/ada", "arn:aws:iam::1:user/ada")+
		device("arn:aws:iam::1:mfa/root-account-mfa-device", "arn:aws:iam::1:root")+
		"</VirtualMFADevices></ListVirtualMFADevicesResult></ListVirtualMFADevicesResponse>")
	answerReportCSV(b, reportHeader+
		"<root_account>,arn:aws:iam::1:root,not_supported,2026-10-01T08:00:00+00:00,TRUE,false,N/A,N/A,true,2020-01-01T00:00:00Z,N/A\n")
	run := b.run(t, []*collector{&iamAuthorization})
	run.complete(t, assize.Global, typeRootUser)
	key := assize.NewObject(map[string]assize.Value{"Active": true})
	want := map[string]any{
		"Arn": "arn:aws:iam::" + b.account + ":root", "AccountMFAEnabled": int64(1), "AccountAccessKeysPresent": int64(0),
		"AccountPasswordPresent": int64(1), "VirtualMFADevices": assize.List{"arn:aws:iam::1:mfa/root-account-mfa-device"},
		"CredentialReport.PasswordEnabled": nil, "CredentialReport.MFAActive": true,
		"CredentialReport.PasswordLastUsed": "2026-10-01T08:00:00Z", "CredentialReport.GeneratedTime": "2026-11-20T10:00:00Z",
		"CredentialReport.AccessKeys": assize.List{key},
	}
	var paths []string
	for path := range want {
		paths = append(paths, path)
	}
	if diff := cmp.Diff(want, at(run.properties(t, assize.Global, typeRootUser, rootUser), paths...)); diff != "" {
		t.Errorf("root user (-want +got):\n%s", diff)
	}
}

// What the root user's facts are worth when a call behind them fails.
func TestRootUserUnread(t *testing.T) {
	t.Parallel()
	const mfa, password, devices = "AccountMFAEnabled", "CredentialReport.PasswordEnabled", "VirtualMFADevices"
	row := reportHeader + "<root_account>,arn:aws:iam::1:root,FALSE,N/A,false,false,N/A,N/A,false,N/A,N/A\n"
	tests := []struct {
		name   string
		report string
		fault  fakeaws.Fault
		want   map[string]any
	}{
		{
			"summary denied", row,
			fakeaws.Fault{Kind: fakeaws.Denied, Operation: "GetAccountSummary"},
			map[string]any{mfa: assize.Denied, password: false, devices: assize.List{}},
		},
		{
			"report not to be made", row,
			fakeaws.Fault{Kind: fakeaws.Denied, Operation: "GenerateCredentialReport"},
			map[string]any{mfa: int64(0), password: assize.Denied, devices: assize.List{}},
		},
		{
			"report never ready", row,
			fakeaws.Fault{Kind: fakeaws.Failed, Operation: "GetCredentialReport", Status: 404, Code: reportInProgress},
			map[string]any{mfa: int64(0), password: assize.Timeout, devices: assize.List{}},
		},
		{
			"report ready in the end", row,
			fakeaws.Fault{Kind: fakeaws.Failed, Operation: "GetCredentialReport", Status: 404, Code: "ReportNotPresent", Times: 5},
			map[string]any{mfa: int64(0), password: false, devices: assize.List{}},
		},
		{
			"report without the root user", reportHeader,
			fakeaws.Fault{Kind: fakeaws.Denied, Operation: "ListVirtualMFADevices"},
			map[string]any{mfa: int64(0), password: assize.WrongAnswer, devices: assize.Denied},
		},
		{
			"report that is no table", "a,b\n\"",
			fakeaws.Fault{Kind: fakeaws.Denied, Operation: "ListVirtualMFADevices"},
			map[string]any{mfa: int64(0), password: assize.WrongAnswer, devices: assize.Denied},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			b := newCoreBench(t)
			answerReportCSV(b, test.report)
			test.fault.Service = "iam"
			b.Inject(test.fault)
			run := b.run(t, []*collector{&iamAuthorization})
			got := at(run.properties(t, assize.Global, typeRootUser, rootUser), mfa, password, devices)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("facts (-want +got):\n%s", diff)
			}
		})
	}
}

// Denied details leave the lists unknown, not empty; the root user is still judged.
func TestIAMDenied(t *testing.T) {
	t.Parallel()
	b := newCoreBench(t)
	b.Inject(fakeaws.Fault{Kind: fakeaws.Denied, Service: "iam", Operation: "GetAccountAuthorizationDetails"})
	run := b.run(t, []*collector{&iamAuthorization})
	run.complete(t, assize.Global, typeRootUser)
	for _, typ := range []string{typeRole, typeUser, typeGroup, typeManagedPolicy} {
		c := run.coverage[assize.Global+" "+typ]
		if c.Complete || c.Gap == nil || c.Gap.Cause != assize.Denied {
			t.Errorf("%s: coverage = %+v, want a gap: denied", typ, c)
		}
	}
	if len(run.records) != 1 {
		t.Errorf("records %v, want the root user alone", run.ids())
	}
}

func TestPolicyDocumentText(t *testing.T) {
	t.Parallel()
	tests := []struct{ in, want string }{
		{"%7B%22a%22%3A%22b+c%2520%22%7D", `{"a":"b+c%20"}`},
		{"%0A%7B%7D", "\n{}"},
		{` {"a": "%20"}`, ` {"a": "%20"}`},
	}
	for _, test := range tests {
		var d policyDocuments
		if got := d.text(&test.in); d.err != nil || *got != test.want {
			t.Errorf("text(%q) = %q, %v; want %q", test.in, *got, d.err, test.want)
		}
	}
	var d policyDocuments
	if got := d.text(aws.String("%7B%2")); got != nil || d.err == nil {
		t.Errorf("text of a cut document = %v, %v; want an error", got, d.err)
	}
}
