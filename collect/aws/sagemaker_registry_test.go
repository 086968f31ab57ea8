package aws

import (
	"testing"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
	"github.com/assize-dev/assize/internal/fakeaws"
	"github.com/google/go-cmp/cmp"
)

// That a group has no policy is told by the words of a ValidationException; another one
// is a gap, and a policy is a policy.
func TestSageMakerGroupPolicy(t *testing.T) {
	t.Parallel()
	srv := fakeaws.Start(t, fakeaws.Config{})
	srv.Answer("sagemaker", "ListModelPackageGroups", fakeaws.Match{}, 0, `{"ModelPackageGroupSummaryList": [
		{"ModelPackageGroupName": "bare", "ModelPackageGroupArn": "arn:bare"},
		{"ModelPackageGroupName": "broken", "ModelPackageGroupArn": "arn:broken"},
		{"ModelPackageGroupName": "shared", "ModelPackageGroupArn": "arn:shared"}]}`)
	group := func(name string) fakeaws.Match {
		return fakeaws.Match{Params: map[string]string{"ModelPackageGroupName": name}}
	}
	srv.AnswerError("sagemaker", "GetModelPackageGroupPolicy", group("bare"), 400, "ValidationException", "Cannot find resource policy for: arn:bare")
	srv.AnswerError("sagemaker", "GetModelPackageGroupPolicy", group("broken"), 400, "ValidationException", "The name is not valid")
	srv.Answer("sagemaker", "GetModelPackageGroupPolicy", group("shared"), 0, `{"ResourcePolicy": "{}"}`)

	got := runSageMaker(t, srv, "111122223333", collect.Config{}, "sagemaker-model-package-groups")
	want := []string{"ModelPackageGroup bare", "ModelPackageGroup broken", "ModelPackageGroup shared"}
	if diff := cmp.Diff(want, recordIDs(got)); diff != "" {
		t.Fatalf("records (-want +got):\n%s", diff)
	}
	answers := make([]*assize.Answer, len(got.Records))
	for i, r := range got.Records {
		answers[i] = r.Answer(opGetModelPackageGroupPolicy)
	}
	if answers[0].None != "ValidationException" || answers[1].Gap == nil || answers[2].Value.Get("ResourcePolicy") != "{}" {
		t.Errorf("got %+v, %+v, %+v; want none, a gap, a policy", answers[0], answers[1], answers[2])
	}
}

// The versions of every group are read, and one group that cannot be listed leaves the
// type incomplete without hiding the others.
func TestSageMakerModelPackages(t *testing.T) {
	t.Parallel()
	srv := fakeaws.Start(t, fakeaws.Config{})
	srv.Answer("sagemaker", "ListModelPackageGroups", fakeaws.Match{}, 0,
		`{"ModelPackageGroupSummaryList": [{"ModelPackageGroupName": "a"}, {"ModelPackageGroupName": "b"}]}`)
	const arn = "arn:aws:sagemaker:us-east-1:111122223333:model-package/"
	srv.Answer("sagemaker", "ListModelPackages", fakeaws.Match{Params: map[string]string{"ModelPackageType": "Unversioned"}}, 0,
		`{"ModelPackageSummaryList": [{"ModelPackageName": "single", "ModelPackageArn": "`+arn+`single"}]}`)
	srv.Answer("sagemaker", "ListModelPackages", fakeaws.Match{Params: map[string]string{"ModelPackageGroupName": "a"}}, 0,
		`{"ModelPackageSummaryList": [{"ModelPackageArn": "`+arn+`a/2"}, {"ModelPackageArn": "`+arn+`a/1"}]}`)
	srv.AnswerError("sagemaker", "ListModelPackages", fakeaws.Match{Params: map[string]string{"ModelPackageGroupName": "b"}}, 400, "AccessDeniedException", "no")
	srv.Answer("sagemaker", "DescribeModelPackage", fakeaws.Match{}, 0, `{"ModelPackageArn": "${params.ModelPackageName}"}`)

	got := runSageMaker(t, srv, "111122223333", collect.Config{}, "sagemaker-model-packages")
	if diff := cmp.Diff([]string{"ModelPackage a/1", "ModelPackage a/2", "ModelPackage single"}, recordIDs(got)); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{typeSageMakerModelPackage}, incompleteTypes(got)); diff != "" {
		t.Errorf("incomplete (-want +got):\n%s", diff)
	}
}

// The lineage of an endpoint is what its contexts lead to. An endpoint of which the
// lineage knows nothing has none; where the lineage could not be read it is unknown.
func TestSageMakerLineage(t *testing.T) {
	t.Parallel()
	srv := fakeaws.Start(t, fakeaws.Config{})
	srv.Answer("sagemaker", "ListEndpoints", fakeaws.Match{}, 0, `{"Endpoints": [
		{"EndpointName": "closed", "EndpointArn": "arn:closed"}, {"EndpointName": "known", "EndpointArn": "arn:known"},
		{"EndpointName": "new", "EndpointArn": "arn:new"}]}`)
	srv.Answer("sagemaker", "DescribeEndpoint", fakeaws.Match{}, 0, `{"EndpointName": "${params.EndpointName}"}`)
	srv.Answer("sagemaker", "ListContexts", fakeaws.Match{}, 0, `{"ContextSummaries": []}`)
	srv.Answer("sagemaker", "ListContexts", fakeaws.Match{Params: map[string]string{"SourceUri": "arn:known"}}, 0, `{"ContextSummaries": [{"ContextArn": "arn:context"}]}`)
	srv.AnswerError("sagemaker", "ListContexts", fakeaws.Match{Params: map[string]string{"SourceUri": "arn:closed"}}, 400, "AccessDeniedException", "no")
	srv.Answer("sagemaker", "ListAssociations", fakeaws.Match{Params: map[string]string{"SourceArn": "arn:context"}}, 0,
		`{"AssociationSummaries": [{"DestinationArn": "arn:action", "DestinationType": "ModelDeployment"}]}`)

	got := runSageMaker(t, srv, "111122223333", collect.Config{}, "sagemaker-endpoints")
	var lineage []any
	for _, r := range got.Records {
		res, err := collect.Derive(sagemakerDefinitions(t)[typeSageMakerEndpoint], r)
		if err != nil {
			t.Fatal(err)
		}
		switch v := res.Properties.Get("LineageAssociations").(type) {
		case assize.List:
			lineage = append(lineage, len(v))
		case *assize.Unknown:
			lineage = append(lineage, "unknown")
		}
	}
	if diff := cmp.Diff([]any{"unknown", 1, 0}, lineage); diff != "" {
		t.Errorf("associations of closed, known, new (-want +got):\n%s", diff)
	}
}
