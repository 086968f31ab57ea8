package gen

import (
	"slices"
	"strings"

	"github.com/assize-dev/assize/iam"
	"github.com/assize-dev/assize/iam/sym"
)

const sageMakerService = "sagemaker.amazonaws.com"

// job is a kind of work that SageMaker does under an execution role.
type job struct {
	name, title string
	grants      []string
	logs        string // log group, with * at the end where there is one for each resource
	images      bool   // it pulls container images
	network     bool   // it may run in subnets
	reads       bool   // it reads inputs
	writes      bool   // it writes outputs
	readsBack   bool   // it reads its outputs
	starts      []string
	features    bool // it keeps the offline store of a feature group
}

var jobs = []job{
	{
		name: "sagemaker-training", title: "Execution role of training jobs", logs: "TrainingJobs",
		images: true, network: true, reads: true, writes: true, readsBack: true,
		grants: []string{"read the inputs, read and write the outputs (checkpoints, artefacts), pull the images, write logs and metrics"},
	},
	{
		name: "sagemaker-processing", title: "Execution role of processing jobs", logs: "ProcessingJobs",
		images: true, network: true, reads: true, writes: true,
		grants: []string{"read the inputs, write the outputs, pull the images, write logs and metrics"},
	},
	{
		name: "sagemaker-transform", title: "Execution role of models that batch transform jobs use", logs: "TransformJobs",
		images: true, network: true, reads: true, writes: true,
		grants: []string{"read the inputs (model artefacts and data), write the outputs, pull the images, write logs and metrics"},
	},
	{
		name: "sagemaker-tuning", title: "Execution role of hyperparameter tuning jobs, whose training jobs run under it", logs: "TrainingJobs",
		images: true, network: true, reads: true, writes: true, readsBack: true,
		grants: []string{"what training jobs need; SageMaker starts them itself"},
	},
	{
		name: "sagemaker-notebook", title: "Execution role of notebook instances", logs: "NotebookInstances",
		network: true, reads: true, writes: true, readsBack: true,
		starts: []string{"TrainingJob", "ProcessingJob"},
		grants: []string{"read the inputs, read and write the outputs, write logs and metrics", "start, watch and stop training and processing jobs under the roles of --role, where those are given"},
	},
	{
		name: "sagemaker-endpoint", title: "Execution role of models that endpoints serve", logs: "Endpoints/*",
		images: true, network: true, reads: true,
		grants: []string{"read the inputs (model artefacts), pull the images, write logs and metrics"},
	},
	{
		name: "sagemaker-pipeline", title: "Execution role of pipelines", reads: true, writes: true, readsBack: true,
		starts: []string{"TrainingJob", "ProcessingJob", "TransformJob", "HyperParameterTuningJob"},
		grants: []string{"start, watch and stop training, processing, transform and tuning jobs under the roles of --role", "read the inputs, read and write the outputs"},
	},
	{
		name: "sagemaker-feature-store", title: "Role of the offline store of feature groups", writes: true, readsBack: true, features: true,
		grants: []string{"write the outputs, read them back, keep the tables of the database sagemaker_featurestore"},
	},
}

func sageMakerArchetypes() []*Archetype {
	var out []*Archetype
	for _, j := range jobs {
		a := &Archetype{
			Name: j.name, Title: j.title, Needs: []string{"account", "regions"}, Takes: []string{"key"},
			Grants: append(slices.Clone(j.grants), "use of the KMS keys; SageMaker alone may assume the role, for the account and Regions"),
			write:  func(t *targets) ([]paper, error) { return j.write(t.o), nil },
			claim:  func(t *targets, p []*iam.Policy) (claims, error) { return j.claim(t.o, p), nil },
		}
		for _, f := range []struct {
			name   string
			needed bool
			taken  bool
		}{
			{"input", j.reads, false},
			{"output", j.writes, false},
			{"repository", j.images, false},
			{"role", j.name == "sagemaker-pipeline", len(j.starts) > 0},
			{"vpc", false, j.network},
		} {
			switch {
			case f.needed:
				a.Needs = append(a.Needs, f.name)
			case f.taken:
				a.Takes = append(a.Takes, f.name)
			}
		}
		out = append(out, a)
	}
	return out
}

// right is something that a role may do: all of the actions on all of the resources, under all of
// the conditions.
type right struct {
	sid                string
	actions, resources []string
	conditions         []condition
}

func (j job) write(o *Options) []paper {
	var permissions []statement
	for _, r := range j.rights(o) {
		permissions = append(permissions, allow(r.sid, r.actions, r.resources, r.conditions...))
	}
	return []paper{
		{kind: Trust, suffix: "-trust", about: j.title, statements: trustService(o, sageMakerService, j.sources(o))},
		{kind: Inline, suffix: "-permissions", about: j.title, statements: permissions},
	}
}

// sources are the resources that SageMaker may act for.
func (j job) sources(o *Options) []string {
	return o.inRegions("sagemaker", "*")
}

// inRegions is a resource of the account in each of the Regions.
func (o *Options) inRegions(service string, resources ...string) []string {
	var out []string
	for _, r := range o.Regions {
		for _, resource := range resources {
			out = append(out, o.arn(service, r, o.Account, resource))
		}
	}
	return sorted(out)
}

func (j job) rights(o *Options) []right {
	var out []right
	add := func(sid string, actions, resources []string, conditions ...condition) {
		if len(resources) > 0 {
			out = append(out, right{sid, actions, resources, conditions})
		}
	}
	out = append(out, j.storage(o)...)
	if j.images {
		add("PullImages", []string{"ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"}, o.Repositories)
		add("LogInToRegistry", []string{"ecr:GetAuthorizationToken"}, []string{"*"}, condition{"StringEquals", keyRegion, o.Regions})
	}
	if j.logs != "" {
		group := "log-group:/aws/sagemaker/" + j.logs
		add("CreateLogGroup", []string{"logs:CreateLogGroup", "logs:DescribeLogStreams"}, o.inRegions("logs", group, group+":*"))
		add("WriteLogs", []string{"logs:CreateLogStream", "logs:PutLogEvents"}, o.inRegions("logs", group+":log-stream:*"))
		namespace := "/aws/sagemaker/" + strings.TrimSuffix(j.logs, "/*")
		add("WriteMetrics", []string{"cloudwatch:PutMetricData"}, []string{"*"},
			condition{"StringEquals", "cloudwatch:namespace", []string{namespace}}, condition{"StringEquals", keyRegion, o.Regions})
	}
	add("UseKeys", []string{"kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"}, o.Keys)
	add("LetServicesUseKeys", []string{"kms:CreateGrant"}, o.Keys, condition{"Bool", "kms:GrantIsForAWSResource", []string{"true"}})
	if o.VPC {
		out = append(out, networkRights(o)...)
	}
	if len(o.Roles) > 0 {
		out = append(out, j.startRights(o)...)
	}
	if j.features {
		add("KeepTables", []string{"glue:GetTable", "glue:UpdateTable"}, o.inRegions("glue", "catalog", "database/sagemaker_featurestore", "table/sagemaker_featurestore/*"))
	}
	return out
}

// storage are the rights on S3.
func (j job) storage(o *Options) []right {
	var out []right
	lists := map[string][]string{} // bucket to prefixes
	objects := func(places []string) []string {
		var arns []string
		for _, p := range places {
			bucket, prefix, _ := strings.Cut(strings.TrimPrefix(p, "s3://"), "/")
			lists[bucket] = append(lists[bucket], prefix)
			arns = append(arns, o.arn("s3", "", "", bucket+"/"+prefix+"*"))
		}
		return sorted(arns)
	}
	read := []string(nil)
	if j.reads {
		read = objects(o.Inputs)
	}
	if j.readsBack {
		read = sorted(append(read, objects(o.Outputs)...))
	}
	if len(read) > 0 {
		out = append(out, right{sid: "ReadObjects", actions: []string{"s3:GetObject"}, resources: read})
	}
	if j.writes {
		out = append(out, right{sid: "WriteObjects", actions: []string{"s3:AbortMultipartUpload", "s3:PutObject"}, resources: objects(o.Outputs)})
	}
	for i, bucket := range sortedKeys(lists) {
		r := right{sid: "ListBucket" + string(rune('A'+i%26)), actions: []string{"s3:ListBucket"}, resources: []string{o.arn("s3", "", "", bucket)}}
		if prefixes := sorted(lists[bucket]); prefixes[0] != "" {
			for i := range prefixes {
				prefixes[i] += "*"
			}
			r.conditions = []condition{{"StringLike", "s3:prefix", prefixes}}
		}
		out = append(out, r)
		if j.features {
			out = append(out, right{sid: "ReadBucketACL" + string(rune('A'+i%26)), actions: []string{"s3:GetBucketAcl"}, resources: r.resources})
		}
	}
	return out
}

func sortedKeys(m map[string][]string) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// networkRights are what SageMaker needs to put network interfaces into subnets ("Give SageMaker
// training jobs access to resources in your Amazon VPC").
func networkRights(o *Options) []right {
	region := condition{"StringEquals", keyRegion, o.Regions}
	return []right{
		{
			sid: "CreateNetworkInterfaces", actions: []string{"ec2:CreateNetworkInterface"},
			resources: o.inRegions("ec2", "network-interface/*", "security-group/*", "subnet/*"),
		},
		{
			sid: "HandOverNetworkInterfaces", actions: []string{"ec2:CreateNetworkInterfacePermission"},
			resources:  o.inRegions("ec2", "network-interface/*"),
			conditions: []condition{{"StringEquals", "ec2:AuthorizedService", []string{sageMakerService}}},
		},
		{
			sid: "RemoveNetworkInterfaces", actions: []string{"ec2:DeleteNetworkInterface", "ec2:DeleteNetworkInterfacePermission"},
			resources: o.inRegions("ec2", "network-interface/*"),
		},
		{
			sid: "SeeNetwork", actions: []string{
				"ec2:DescribeDhcpOptions", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeVpcs",
			},
			resources: []string{"*"}, conditions: []condition{region},
		},
	}
}

// startRights are what starting further jobs takes.
func (j job) startRights(o *Options) []right {
	types := map[string]string{
		"TrainingJob": "training-job", "ProcessingJob": "processing-job",
		"TransformJob": "transform-job", "HyperParameterTuningJob": "hyper-parameter-tuning-job",
	}
	var out []right
	for _, s := range j.starts {
		actions := []string{"sagemaker:Create" + s, "sagemaker:Describe" + s, "sagemaker:Stop" + s}
		out = append(out, right{sid: "Run" + s + "s", actions: actions, resources: o.inRegions("sagemaker", types[s]+"/*")})
	}
	return append(out, right{
		sid: "PassJobRoles", actions: []string{"iam:PassRole"}, resources: o.Roles,
		conditions: []condition{{"StringEquals", "iam:PassedToService", []string{sageMakerService}}},
	})
}

func (j job) claim(o *Options, parsed []*iam.Policy) claims {
	out := claimTrustService(o, parsed[0], sageMakerService, j.sources(o))
	who := o.role(iam.Policies{Identity: parsed[1:]})
	c := closed{who: who, allows: parsed[1:]}
	for _, r := range j.rights(o) {
		w := wanted{call: r.sid}
		for _, action := range r.actions {
			for _, resource := range r.resources {
				w.checks = append(w.checks, expectation{
					who:     who,
					check:   sym.Check{Action: action, Resource: exampleOf(resource)},
					demands: asDemands(r.conditions),
				})
			}
		}
		out.wanted = append(out.wanted, w)
		c.grants = append(c.grants, grantsOf(r.actions, r.resources)...)
	}
	out.closed = append(out.closed, c)
	return out
}

// exampleOf is a resource that a pattern matches; the pattern of everything stays.
func exampleOf(pattern string) string {
	if pattern == "*" {
		return pattern
	}
	return strings.ReplaceAll(pattern, "*", "example")
}
