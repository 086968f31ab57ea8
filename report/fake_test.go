package report

import (
	"bytes"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/assize-dev/assize"
)

// fake is a result that was made up: every outcome, severity, kind of subject and
// change occurs in it.
type fake struct {
	run      *assize.Run
	findings []*assize.Finding
	summary  func(*assize.Summary)
}

// render writes the fake in a format, as a caller does.
func (f *fake) render(t *testing.T, name string, opt Options) string {
	t.Helper()
	var b bytes.Buffer
	w := format(t, name).New(&b, opt)
	tally := NewTally(f.run)
	if err := w.Begin(f.run); err != nil {
		t.Fatal(err)
	}
	for _, x := range f.findings {
		tally.Add(x)
		if err := w.Finding(x); err != nil {
			t.Fatal(err)
		}
	}
	if a, ok := w.(AssetWriter); ok {
		if err := a.Assets(f.assets()); err != nil {
			t.Fatal(err)
		}
	}
	s := tally.Summary(assize.SubjectCount{Type: "AWS::Bedrock::CustomModel", Found: 3, Complete: true})
	if f.summary != nil {
		f.summary(s)
	}
	if err := w.End(s); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// assets are the resources of the findings; each names the next, one that was not
// read, and one that could not be read.
func (f *fake) assets() []assize.Asset {
	var all []*assize.Resource
	for _, x := range f.findings {
		if x.Resource != nil && !slices.ContainsFunc(all, func(r *assize.Resource) bool { return r.Key() == x.Resource.Key() }) {
			all = append(all, x.Resource)
		}
	}
	slices.SortFunc(all, (*assize.Resource).Compare)
	var assets []assize.Asset
	for i, r := range all {
		links := []assize.Link{{Path: "Next", Type: r.Type, Ref: r.ID, To: all[(i+1)%len(all)]}}
		if i == 0 {
			links = append(links,
				assize.Link{Path: "Model", Type: "AWS::Bedrock::FoundationModel", Ref: "arn:" + r.ID, Unknown: denied("bedrock:ListFoundationModels")},
				assize.Link{Path: "Key", Type: "AWS::KMS::Key", Unknown: denied("kms:DescribeKey")})
		}
		assets = append(assets, assize.Asset{Resource: r, Title: r.Type, AI: r.Type != "AWS::S3::Bucket", Scope: "AI resource", Links: links})
	}
	return assets
}

func format(t *testing.T, name string) Format {
	t.Helper()
	for _, f := range Formats {
		if f.Name == name {
			return f
		}
	}
	t.Fatalf("no format %q", name)
	return Format{}
}

const (
	prod    = "111122223333"
	ml      = "222233334444"
	sandbox = "333344445555"
)

func fakeCheck(id, service, typ, title string, sev assize.Severity) *assize.Check {
	return &assize.Check{
		ID: id, Service: service, Title: title, Severity: sev,
		Why:     "Training data and prompts hold what an organisation knows; once it has left, no control brings it back.",
		Subject: assize.Subject{Kind: assize.SubjectResource, Type: typ, None: assize.NoneNotApplicable},
		Rule:    "true",
		Fails:   "The condition does not hold: " + title + ".",
		Remediation: assize.Remediation{
			Text:      "Switch the setting on for every resource that holds AI data, and keep it on with a policy.",
			CLI:       "aws s3api put-public-access-block \\\n  --bucket NAME \\\n  --public-access-block-configuration BlockPublicAcls=true,IgnorePublicAcls=true",
			Terraform: "resource \"aws_s3_bucket_public_access_block\" \"this\" {\n  bucket            = aws_s3_bucket.this.id\n  block_public_acls = true\n}",
		},
		Retrofit: assize.Retrofit{Cost: "low", Note: "Readers without credentials lose access"},
		Pitfalls: []string{"A bucket that serves a public site needs a distribution in front first."},
		Peers:    assize.Peers{Prowler: "s3_bucket_level_public_access_block", SecurityHub: "S3.8"},
		Sources:  []string{"https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html"},
	}
}

// checks of the fake, by short name.
func fakeChecks() map[string]*assize.Check {
	c := map[string]*assize.Check{
		"public": fakeCheck("s3_bucket_public_access_blocked", "s3", "AWS::S3::Bucket", "Buckets with AI data block public access", assize.Critical),
		"tls":    fakeCheck("s3_bucket_tls_enforced", "s3", "AWS::S3::Bucket", "Buckets with AI data refuse requests without TLS", assize.Medium),
		"root":   fakeCheck("sagemaker_notebook_instance_root_access_disabled", "sagemaker", "AWS::SageMaker::NotebookInstance", "Notebook instances give users no root access", assize.High),
		"filter": fakeCheck("bedrock_guardrail_prompt_attack_filter_high", "bedrock", "AWS::Bedrock::Guardrail", "Guardrails filter prompt attacks at high strength", assize.High),
		"log":    fakeCheck("bedrock_model_invocation_logging_enabled", "bedrock", "AWS::Bedrock::ModelInvocationLoggingConfiguration", "Model invocations are logged", assize.High),
		"trail":  fakeCheck("cloudtrail_multi_region_trail_validated", "cloudtrail", "AWS::CloudTrail::Trail", "A multi-Region trail with log validation records the account", assize.Low),
		"models": fakeCheck("bedrock_models_approved", "bedrock", "AWS::Bedrock::FoundationModel", "Only approved models are invoked", assize.Medium),
		"name":   fakeCheck("organisation_ai_services_opted_out", "organizations", "AWS::Organizations::Policy", "AI services are opted out for the organisation", assize.Informational),
	}
	c["log"].Subject.Kind = assize.SubjectAccountRegion
	c["trail"].Subject.Kind = assize.SubjectAccount
	c["name"].Subject.Kind = assize.SubjectOrganisation
	c["root"].Note = "Our reading of a control whose text is not public."
	return c
}

func fakeFramework() *assize.Framework {
	return &assize.Framework{
		ID: "aws_genai", Title: "AWS Generative AI best practices", Version: "2.0", Digest: "sha256:1f00aa22bb33cc44dd55",
		Provenance:  "The control names are those of the source; what each one looks at is ours.",
		Description: "Nine controls that can be judged from the configuration of an account.",
		Facts: []assize.FrameworkFact{
			{Name: "Best for", Value: "teams that run generative AI on AWS"},
			{Name: "Voluntary", Value: "yes"},
			{Name: "Certifiable", Value: "no: nobody certifies against it"},
		},
		Groups: []assize.Group{
			{
				ID: "data", Title: "Data protection", Automated: []string{"Public access and transport of buckets that hold AI data."},
				Customer: []string{"Classify the data sets that are used for training."}, Usual: "A bucket made by hand for an experiment.",
				Controls: []assize.Control{
					{ID: "s3_bucket_tls_enforced", Title: "Buckets with AI data refuse requests without TLS", Checks: []string{"s3_bucket_tls_enforced"}},
					{ID: "s3_bucket_public_access_blocked", Title: "Buckets with AI data block public access", Checks: []string{"s3_bucket_public_access_blocked"}},
				},
			},
			{
				ID: "model", Title: "Models and guardrails",
				Controls: []assize.Control{
					{ID: "Bedrock.1", Title: "Prompt attacks are filtered and every model invocation is logged where a person can find it again", Checks: []string{"bedrock_guardrail_prompt_attack_filter_high", "bedrock_model_invocation_logging_enabled"}},
					{ID: "Bedrock.2", Title: "Only approved models are invoked", Checks: []string{"bedrock_models_approved"}},
					{ID: "SageMaker.1", Title: "Notebooks without root", Checks: []string{"sagemaker_notebook_instance_root_access_disabled"}},
				},
			},
			{
				ID: "governance", Title: "Governance",
				Controls: []assize.Control{
					{ID: "log", Title: "What happens is recorded", Checks: []string{"cloudtrail_multi_region_trail_validated", "bedrock_model_invocation_logging_enabled"}},
					{ID: "optout", Title: "AI services are opted out", Checks: []string{"organisation_ai_services_opted_out"}},
				},
			},
			{ID: "people", Title: "Asked of people", Controls: fakeAsked()},
		},
		Questions: []assize.Question{{Question: "Does a clean result certify anything?", Answer: "No. It says what was looked at and what was found."}},
		Sources:   []string{"https://docs.aws.amazon.com/audit-manager/latest/userguide/aws-generative-ai-best-practices.html"},
	}
}

// fakeAsked are controls that checks alone do not answer: by people, partly by people, over
// a mapping, from sources that no check reads, and one that does not concern the workload.
func fakeAsked() []assize.Control {
	register := assize.Expectation{
		ID: "register", Kind: assize.ByQuestionnaire, Record: "risk-register", Title: "Keep the register of AI risks.", Owner: "AI risk owner",
		Cadence: "FREQ=MONTHLY;INTERVAL=3", Example: "The register, with an owner and a rating before and after treatment for each risk",
	}
	review := assize.Expectation{
		ID: "review", Kind: assize.ByFile, Title: "Review the accuracy of each custom model", Owner: "model owner", Per: "AWS::Bedrock::CustomModel",
		Cadence: "FREQ=YEARLY", Example: "Report of the evaluation, signed",
	}
	over := assize.MappedOver{Common: "event-logging", Relation: assize.Subset}
	const trail = "cloudtrail_multi_region_trail_validated"
	logs := []string{"bedrock_model_invocation_logging_enabled"}
	return []assize.Control{
		{
			ID: "RESPAI3.8", Title: "Document Risks and Tolerances", Provenance: assize.ProvenanceAWS, Expectations: []assize.Expectation{register},
			Description: "A register lists the risks that were identified.", Why: "A risk that nobody wrote down is treated by nobody.",
			Testing: "Ask for the register and take five risks.", ActionPlanTitle: "Keep a register", ActionPlan: "Hold a workshop, and write down what it finds.",
		},
		{ID: "ACC-01", Title: "Accuracy is reviewed", Provenance: assize.ProvenanceAssize, Checks: []string{"bedrock_guardrail_prompt_attack_filter_high"}, Expectations: []assize.Expectation{review}},
		{
			ID: "AU-2", Title: "Event Logging", Provenance: "nist", Responsibility: "shared", Proof: "SOC 2 report in AWS Artifact", Checks: []string{trail, "organisation_ai_services_opted_out"}, Over: []assize.MappedOver{over},
			Mapped: []assize.MappedCheck{
				{Check: trail, Common: over.Common, Relation: over.Relation}, {Check: "organisation_ai_services_opted_out", Common: over.Common, Relation: over.Relation},
			},
		},
		{ID: "SEC-09", Title: "Changes of guardrails", Provenance: assize.ProvenanceAssize, Expectations: []assize.Expectation{
			{ID: "events", Kind: assize.ByCloudTrail, Keyword: "bedrock_DeleteGuardrail"}, {ID: "rule", Kind: assize.ByConfig, Keyword: "CLOUD_TRAIL_ENABLED"},
		}},
		{ID: "RES-02", Title: "Trained models are kept", Provenance: assize.ProvenanceAssize, Checks: logs, AppliesTo: &assize.Applicability{Scopes: []int{4, 5}}},
	}
}

func bucket(account, region, name string, props map[string]assize.Value) *assize.Resource {
	return &assize.Resource{
		Type: "AWS::S3::Bucket", Account: account, Region: region, ID: name, ARN: "arn:aws:s3:::" + name,
		Properties: assize.NewObject(props),
	}
}

var publicPaths = []string{"PublicAccessBlockConfiguration.BlockPublicAcls", "PublicAccessBlockConfiguration.BlockPublicPolicy"}

func publicFinding(c *assize.Check, o assize.Outcome, account, region, name string, acls, policy assize.Value) *assize.Finding {
	block := assize.Object{}
	block = block.Set("BlockPublicAcls", acls).Set("BlockPublicPolicy", policy)
	f := &assize.Finding{
		Check: c, Outcome: o, Account: account, Region: region, Paths: publicPaths, Reason: "The bucket does not block all public access.",
		Resource: bucket(account, region, name, map[string]assize.Value{"PublicAccessBlockConfiguration": block}),
		Scope:    "feeds the knowledge base support-kb",
	}
	if o == assize.Pass {
		f.Reason = "The condition holds."
	}
	return f
}

func denied(operation string) *assize.Unknown {
	return &assize.Unknown{Cause: assize.Denied, Operation: operation, Code: "AccessDenied", Detail: "no identity-based policy allows it"}
}

// newFake returns the result that the golden files show.
func newFake() *fake {
	c := fakeChecks()
	run := &assize.Run{
		Version: "0.1.0", LibraryDigest: "sha256:5f2c1d9ab3e47c0d8a61", Source: "examples/acme/acme.assize", SnapshotDigest: "sha256:90cc1f00ab12cd34ef56",
		AsOf: time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC), ProfilePath: "assize.yaml", ProfileDigest: "sha256:77aa88bb99cc00dd", Scope: "ai",
		Baseline: "october.assize", Framework: fakeFramework(), LibraryFolders: []string{"content"},
		Workloads: []assize.Workload{{ID: "support", Name: "Support assistant", Scope: 3}},
		Accounts: []assize.Account{
			{ID: prod, Name: "acme-prod", Regions: []string{"eu-west-1", "us-east-1"}},
			{ID: ml, Name: "acme-ml", Regions: []string{"us-east-1"}},
			{ID: sandbox, Regions: []string{"ap-south-1", "eu-central-1", "eu-west-1", "eu-west-2", "sa-east-1", "us-east-1", "us-west-2"}},
		},
	}
	for _, k := range []string{"public", "tls", "root", "filter", "log", "trail", "models", "name"} {
		run.Checks = append(run.Checks, c[k])
	}
	fs := fakeBuckets(c)
	fs = append(fs, fakeOthers(c)...)
	for i, f := range fs {
		f.Change = assize.Unchanged
		if i%7 == 3 {
			f.Change = map[bool]assize.Change{true: assize.New, false: assize.Fixed}[f.Outcome != assize.Pass && f.Outcome != assize.NotApplicable]
		}
	}
	return &fake{run: run, findings: fs, summary: fakeSummary}
}

func fakeBuckets(c map[string]*assize.Check) []*assize.Finding {
	var fs []*assize.Finding
	for i := range 8 {
		fs = append(fs, publicFinding(c["public"], assize.Fail, ml, "us-east-1", fmt.Sprintf("acme-training-%02d", i), false, nil))
	}
	for i := range 4 {
		fs = append(fs, publicFinding(c["public"], assize.Pass, prod, "eu-west-1", fmt.Sprintf("acme-prompts-%02d", i), true, true))
	}
	for i := range 7 {
		f := publicFinding(c["tls"], assize.Inconclusive, prod, "eu-west-1", fmt.Sprintf("acme-prompts-%02d", i), true, true)
		f.Paths, f.Unknown = []string{"BucketPolicy.PolicyDocument"}, denied("s3:GetBucketPolicy")
		f.Resource.Properties = f.Resource.Properties.Set("BucketPolicy", f.Unknown)
		f.Reason = "The policy could not be read: s3:GetBucketPolicy was denied."
		fs = append(fs, f)
	}
	policy := `{"Version":"2012-10-17","Statement":[{"Sid":"Wide","Effect":"Allow","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::acme-eval","arn:aws:s3:::acme-eval/*"]}]}`
	f := publicFinding(c["tls"], assize.Fail, ml, "us-east-1", "acme-eval", true, true)
	f.Paths, f.Reason = []string{"BucketPolicy.PolicyDocument"}, "No statement denies requests whose aws:SecureTransport is false."
	f.Resource.Properties = f.Resource.Properties.Set("BucketPolicy", assize.Object{{Name: "PolicyDocument", Value: policy}})
	f.Evidence = []assize.Field{
		{Name: "found", Value: "everybody can read without TLS"},
		{Name: "allowed request", Value: "s3:GetObject on arn:aws:s3:::acme-eval/zz with aws:SecureTransport = false"},
		{Name: "policy to add", Value: `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}`},
	}
	return append(fs, f)
}

func fakeOthers(c map[string]*assize.Check) []*assize.Finding {
	guardrail := func(account, id, strength string, o assize.Outcome) *assize.Finding {
		filters := assize.List{assize.Object{{Name: "InputStrength", Value: strength}, {Name: "Type", Value: "PROMPT_ATTACK"}}}
		return &assize.Finding{
			Check: c["filter"], Outcome: o, Account: account, Region: "us-east-1", Paths: []string{"ContentPolicyConfig.FiltersConfig[].InputStrength", "Version"},
			Reason: "The filter for prompt attacks has input strength " + strength + ".", Scope: "belongs to AI by itself",
			Resource: &assize.Resource{
				Type: "AWS::Bedrock::Guardrail", Account: account, Region: "us-east-1", ID: id, ARN: "arn:aws:bedrock:us-east-1:" + account + ":guardrail/" + id,
				Properties: assize.NewObject(map[string]assize.Value{"ContentPolicyConfig": assize.Object{{Name: "FiltersConfig", Value: filters}}, "Version": int64(3)}),
			},
		}
	}
	notebook := &assize.Resource{
		Type: "AWS::SageMaker::NotebookInstance", Account: ml, Region: "us-east-1", ID: "research-夏目", Properties: assize.NewObject(map[string]assize.Value{"RootAccess": "Enabled"}),
		ARN: "arn:aws:sagemaker:us-east-1:" + ml + ":notebook-instance/research-夏目",
	}
	trails := []*assize.Resource{
		{Type: "AWS::CloudTrail::Trail", Account: prod, Region: "us-east-1", ID: "main", ARN: "arn:aws:cloudtrail:us-east-1:" + prod + ":trail/main"},
		{Type: "AWS::CloudTrail::Trail", Account: prod, Region: "eu-west-1", ID: "old", ARN: "arn:aws:cloudtrail:eu-west-1:" + prod + ":trail/old"},
	}
	return []*assize.Finding{
		guardrail(prod, "gr1prod", "HIGH", assize.Pass), guardrail(ml, "gr2ml", "LOW", assize.Fail),
		{Check: c["log"], Outcome: assize.Fail, Account: ml, Region: "us-east-1", Reason: "No logging is configured in the Region.", Scope: "models are invoked there"},
		{Check: c["log"], Outcome: assize.Pass, Account: prod, Region: "eu-west-1", Reason: "Logging is on.", Scope: "models are invoked there"},
		{Check: c["log"], Outcome: assize.Inconclusive, Account: sandbox, Region: "us-east-1", Reason: "The account could not be entered.", Unknown: &assize.Unknown{Cause: assize.AccountNotEntered, Operation: "sts:AssumeRole", Code: "AccessDenied"}},
		{Check: c["log"], Outcome: assize.NotApplicable, Account: sandbox, Region: "sa-east-1", Reason: "Bedrock is not offered in sa-east-1."},
		{
			Check: c["root"], Outcome: assize.Fail, Account: ml, Region: "us-east-1", Resource: notebook, Paths: []string{"RootAccess", "DirectInternetAccess"},
			Reason: "Users of the notebook are root.", Scope: "belongs to AI by itself",
		},
		{Check: c["trail"], Outcome: assize.Fail, Account: prod, Resources: trails, Reason: "None of the two trails validates its log files.", Scope: "guards the account"},
		{Check: c["models"], Outcome: assize.Manual, Account: prod, Region: "us-east-1", Reason: "The profile has no field approved_models.", Scope: "models are invoked there"},
		{Check: c["name"], Outcome: assize.Manual, Reason: "The organisation's management account was not collected."},
	}
}

func fakeSummary(s *assize.Summary) {
	s.OutOfScope = map[string]int{"AWS::S3::Bucket": 812, "AWS::IAM::Role": 391, "AWS::KMS::Key": 20}
	s.Requests = map[string]int{"s3-buckets": 1204, "bedrock-guardrails": 31}
	s.Gone = []string{"s3_bucket_tls_enforced|" + ml + "|us-east-1|acme-old"}
	s.Gaps = []assize.Gap{
		{Account: prod, Region: "eu-west-1", Operation: "s3:GetBucketPolicy", Resource: "acme-prompts-00", Cause: assize.Denied, Code: "AccessDenied", Detail: "no identity-based policy allows the s3:GetBucketPolicy action"},
		{Account: prod, Region: "eu-west-1", Operation: "s3:GetBucketPolicy", Resource: "acme-prompts-01", Cause: assize.Denied, Code: "AccessDenied"},
		{Account: ml, Region: "us-east-1", Operation: "bedrock:ListGuardrails", Types: []string{"AWS::Bedrock::Guardrail"}, Cause: assize.Throttled, Code: "ThrottlingException", Detail: "page 2"},
		{Account: sandbox, Operation: "sts:AssumeRole", Cause: assize.AccountNotEntered, Code: "AccessDenied"},
	}
}
