package aws

import (
	"testing"

	"github.com/assize-dev/assize"
	"github.com/assize-dev/assize/collect"
	"github.com/assize-dev/assize/internal/fakeaws"
	"github.com/google/go-cmp/cmp"
)

// What the pinned module does not decode is kept beside what it does, and an answer that says nothing is none.
func TestSageMakerNewerFields(t *testing.T) {
	t.Parallel()
	const chosen = `"InstancePreferences": [{"InstanceType": "ml.p9.large", "InstanceCount": 2, "TrainingPlanArns": ["arn:plan"]}, {"InstanceType": "ml.p8.large", "InstanceCount": 3}],
		"SelectedInstanceCount": 3, "SelectedInstanceType": "ml.p8.large"`
	want := map[string]assize.Value{
		"InstancePreferences": assize.List{
			assize.NewObject(map[string]assize.Value{"InstanceType": "ml.p9.large", "InstanceCount": int64(2), "TrainingPlanArns": assize.List{"arn:plan"}}),
			assize.NewObject(map[string]assize.Value{"InstanceType": "ml.p8.large", "InstanceCount": int64(3)}),
		},
		"SelectedInstanceCount": int64(3), "SelectedInstanceType": "ml.p8.large", "VolumeSizeInGB": int64(50),
	}
	for op, test := range map[string]struct{ unit, list, listed, answer, within string }{
		opDescribeTrainingJob: {
			"sagemaker-training-jobs", "ListTrainingJobs", `{"TrainingJobSummaries": [{"TrainingJobName": "it", "TrainingJobArn": "arn:it", "CreationTime": 1}]}`,
			`{"TrainingJobName": "it", "TrainingJobArn": "arn:it", "TrainingJobStatus": "Completed", "CreationTime": 1,
				"ResourceConfig": {"VolumeSizeInGB": 50, ` + chosen + `}}`, "ResourceConfig",
		},
		opDescribeProcessingJob: {
			"sagemaker-processing-jobs", "ListProcessingJobs", `{"ProcessingJobSummaries": [{"ProcessingJobName": "it", "ProcessingJobArn": "arn:it", "CreationTime": 1, "ProcessingJobStatus": "Completed"}]}`,
			`{"ProcessingJobName": "it", "ProcessingJobArn": "arn:it", "ProcessingJobStatus": "Completed", "CreationTime": 1,
				"ProcessingResources": {"ClusterConfig": {"VolumeSizeInGB": 50, ` + chosen + `}}}`, "ProcessingResources.ClusterConfig",
		},
	} {
		for body, whole := range map[string]bool{test.answer: true, `{}`: false, `"text"`: false, `{"ResourceConfig": 7, "ProcessingResources": 7}`: false} {
			srv := fakeaws.Start(t, fakeaws.Config{})
			srv.Answer("sagemaker", test.list, fakeaws.Match{}, 0, test.listed)
			srv.Answer("sagemaker", op[len("sagemaker:"):], fakeaws.Match{}, 0, body)
			got := runSageMaker(t, srv, "111122223333", collect.Config{}, test.unit)
			if len(got.Records) != 1 {
				t.Fatalf("%s: %d records", op, len(got.Records))
			}
			answer := got.Records[0].Answer(op)
			if (answer.Gap == nil) != whole {
				t.Errorf("%s answered %s: gap %v", op, body, answer.Gap)
			}
			if whole {
				if diff := cmp.Diff(assize.NewObject(want), answer.Value.At(test.within)); diff != "" {
					t.Errorf("%s (-want +got):\n%s", op, diff)
				}
			}
		}
	}
}
