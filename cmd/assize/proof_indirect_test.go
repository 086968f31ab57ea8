package main

import (
	"bytes"
	"os"
	"strings"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/assize-dev/assize"
)

// makeWorkloads makes an instance and an ECS service that run models under roles of their own.
func makeWorkloads(t *testing.T, l *live, p *iamProof) {
	t.Helper()
	cfg := l.AWSConfig(liveRegion, l.account)
	const invoke = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"bedrock:InvokeModel","Resource":"*"}}`
	trust := func(service string) string {
		return `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"` + service + `"},"Action":"sts:AssumeRole"}}`
	}
	p.role("host", trust("ec2.amazonaws.com"), invoke)
	p.role("task", trust("ecs-tasks.amazonaws.com"), invoke)
	_, err := p.api.CreateInstanceProfile(t.Context(), &iam.CreateInstanceProfileInput{InstanceProfileName: sdk.String("host-profile")})
	p.must(err)
	_, err = p.api.AddRoleToInstanceProfile(t.Context(), &iam.AddRoleToInstanceProfileInput{InstanceProfileName: sdk.String("host-profile"), RoleName: sdk.String("host")})
	p.must(err)
	_, err = ec2.NewFromConfig(cfg).RunInstances(t.Context(), &ec2.RunInstancesInput{
		ImageId: sdk.String("ami-12c6146b"), MinCount: sdk.Int32(1), MaxCount: sdk.Int32(1),
		IamInstanceProfile: &ec2types.IamInstanceProfileSpecification{Name: sdk.String("host-profile")},
	})
	p.must(err)
	containers := ecs.NewFromConfig(cfg)
	_, err = containers.CreateCluster(t.Context(), &ecs.CreateClusterInput{ClusterName: sdk.String("agents")})
	p.must(err)
	_, err = containers.RegisterTaskDefinition(t.Context(), &ecs.RegisterTaskDefinitionInput{
		Family: sdk.String("agent"), TaskRoleArn: sdk.String("arn:aws:iam::" + l.account + ":role/task"),
		ContainerDefinitions: []ecstypes.ContainerDefinition{{Name: sdk.String("agent"), Image: sdk.String("agent:1"), Memory: sdk.Int32(64)}},
	})
	p.must(err)
	_, err = containers.CreateService(t.Context(), &ecs.CreateServiceInput{
		Cluster: sdk.String("agents"), ServiceName: sdk.String("support"), TaskDefinition: sdk.String("agent"), DesiredCount: sdk.Int32(1),
	})
	p.must(err)
}

// TestProofIndirect makes workloads through the SDK, and roles that get at what works under them:
// the check names who reaches a model through others alone, and the command says how.
func TestProofIndirect(t *testing.T) {
	l := startEmpty(t)
	p := &iamProof{t: t, api: iam.NewFromConfig(l.AWSConfig(liveRegion, l.account)), account: l.account}
	makeWorkloads(t, l, p)
	p.role("machines", trustLambda, `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"ec2:*","Resource":"*"}}`)
	p.role("containers", trustLambda, `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"ecs:*","Resource":"*"}}`)
	p.role("both", trustLambda, `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["ec2:*","bedrock:InvokeModel"],"Resource":"*"}}`)
	p.role("reader", trustLambda, `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}}`)
	if err := os.WriteFile("profile.yaml", []byte("indirect_inference_principals: []\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	const collectors = "iam-authorization,organizations-account,organizations-units,bedrock-foundation-models,ec2-instances,ecs-services"
	r, _ := assessJSON(t, "--config", "profile.yaml", "--scope", "account", "--fail-on", "none", "--allow-gaps", "--collectors", collectors)
	// What was not collected leaves ways open: of those without one nothing is said.
	wantVerdicts(t, r, verdicts{
		"iam_principal_indirect_inference_not_beyond_direct": {
			"machines": assize.Fail, "containers": assize.Fail, "both": assize.Inconclusive, "reader": assize.Inconclusive,
		},
	})
	wantEvidence(t, r, "iam_principal_indirect_inference_not_beyond_direct", "machines", "through others and not by itself", "ec2:StopInstances on", `"Effect":"Deny"`)
	var stdout, stderr bytes.Buffer
	code := run(t.Context(), []string{"iam", "who-can", "--collectors", collectors, "--model", "amazon.nova-lite-v1:0", "--verbose"}, &stdout, &stderr)
	text := strings.Join(strings.Fields(stdout.String()), " ")
	for _, want := range []string{
		"ec2:StopInstances on instance/i-", "then ec2:ModifyInstanceAttribute on instance/i-", "role/host makes the call",
		"ecs:UpdateService on service/agents/support, then ecs:ExecuteCommand on service/agents/support", "role/task makes the call",
		"there may be more ways by agent",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not said", want)
		}
	}
	if code != exitInconclusive || t.Failed() {
		t.Errorf("exit %d, %s\n%s", code, stderr.String(), stdout.String())
	}
}
