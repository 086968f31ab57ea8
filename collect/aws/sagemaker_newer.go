package aws

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker/types"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// The module of SageMaker is older than some fields of the API (docs/adr/0009-sdk-modules.md). Those that facts rest on
// are decoded here.

// trainingJob is the description of a training job, with the instances that were chosen for it.
type trainingJob struct {
	sagemaker.DescribeTrainingJobOutput
	ResourceConfig *trainingResources
}

type trainingResources struct {
	types.ResourceConfig
	chosenInstances
}

// processingJob is the description of a processing job, with the instances that were chosen for it.
type processingJob struct {
	sagemaker.DescribeProcessingJobOutput
	ProcessingResources *processingResources
}

type processingResources struct {
	ClusterConfig *processingCluster
}

type processingCluster struct {
	types.ProcessingClusterConfig
	chosenInstances
}

// chosenInstances is what a job that names several types of instances has instead of one type and number: the types in
// order of preference, and the one that it was started on.
type chosenInstances struct {
	InstancePreferences   []instancePreference
	SelectedInstanceCount *int32
	SelectedInstanceType  *string
}

type instancePreference struct {
	InstanceCount    *int32
	InstanceType     *string
	TrainingPlanArns []string
}

// describeTrainingJob is DescribeTrainingJob with what the module does not decode.
func describeTrainingJob(api *sagemaker.Client) operation[sagemaker.DescribeTrainingJobInput, trainingJob, sagemaker.Options] {
	return func(ctx context.Context, in *sagemaker.DescribeTrainingJobInput, optFns ...func(*sagemaker.Options)) (*trainingJob, error) {
		var newer struct{ ResourceConfig chosenInstances }
		out, err := api.DescribeTrainingJob(ctx, in, append(optFns, decodeInto(&newer))...)
		if err != nil {
			return nil, err
		}
		job := &trainingJob{DescribeTrainingJobOutput: *out}
		if r := out.ResourceConfig; r != nil {
			job.ResourceConfig = &trainingResources{*r, newer.ResourceConfig}
		}
		return job, nil
	}
}

// describeProcessingJob is DescribeProcessingJob with what the module does not decode.
func describeProcessingJob(api *sagemaker.Client) operation[sagemaker.DescribeProcessingJobInput, processingJob, sagemaker.Options] {
	return func(ctx context.Context, in *sagemaker.DescribeProcessingJobInput, optFns ...func(*sagemaker.Options)) (*processingJob, error) {
		var newer struct {
			ProcessingResources struct{ ClusterConfig chosenInstances }
		}
		out, err := api.DescribeProcessingJob(ctx, in, append(optFns, decodeInto(&newer))...)
		if err != nil {
			return nil, err
		}
		job := &processingJob{DescribeProcessingJobOutput: *out}
		if r := out.ProcessingResources; r != nil {
			job.ProcessingResources = &processingResources{}
			if r.ClusterConfig != nil {
				job.ProcessingResources.ClusterConfig = &processingCluster{*r.ClusterConfig, newer.ProcessingResources.ClusterConfig}
			}
		}
		return job, nil
	}
}

// decodeInto makes a call decode a success into v too, by the names of the JSON.
func decodeInto(v any) func(*sagemaker.Options) {
	decode := middleware.DeserializeMiddlewareFunc("DecodeNewerFields",
		func(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (middleware.DeserializeOutput, middleware.Metadata, error) {
			out, metadata, err := next.HandleDeserialize(ctx, in)
			if err != nil {
				return out, metadata, err
			}
			if resp, ok := out.RawResponse.(*smithyhttp.Response); ok && resp.StatusCode == http.StatusOK && resp.Body != nil {
				err = decodeBody(resp, v)
			}
			return out, metadata, err
		})
	return func(o *sagemaker.Options) {
		o.APIOptions = append(o.APIOptions, func(stack *middleware.Stack) error {
			return stack.Deserialize.Add(decode, middleware.After)
		})
	}
}

// decodeBody reads the body into v. It can be read from its beginning afterwards.
func decodeBody(resp *smithyhttp.Response, v any) error {
	body, err := readAnswer(resp.Body)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(body, v); err != nil && len(body) > 0 {
		return &smithy.DeserializationError{Err: err}
	}
	resp.Body = struct {
		io.Reader
		io.Closer
	}{bytes.NewReader(body), resp.Body}
	return nil
}
