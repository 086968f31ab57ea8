package aws

import (
	"strings"

	"github.com/assize-dev/assize/collect"
)

// s3Roots are the root elements of the answers. S3 chooses between its settings by
// the query string, and a stand-in that does not know a setting answers with the
// list of objects, which the SDK decodes into an empty success. The policy is no
// XML: its answer is the document itself. Stand-ins that know the operation may
// also name the root after it, as "GetBucketVersioningResponse".
var s3Roots = map[string]string{
	opListBuckets:         "ListAllMyBucketsResult",
	opGetBucketLocation:   "LocationConstraint",
	opGetBucketVersioning: "VersioningConfiguration",
	opGetBucketEncryption: "ServerSideEncryptionConfiguration",
	opGetPublicAccess:     "PublicAccessBlockConfiguration",
	opGetBucketPolicy:     "{",
	opGetBucketLogging:    "BucketLoggingStatus",
	opGetBucketLifecycle:  "LifecycleConfiguration",
	opGetBucketTagging:    "Tagging",
	opGetBucketOwnership:  "OwnershipControls",
	opGetBucketACL:        "AccessControlPolicy",
	opGetPolicyStatus:     "PolicyStatus",
	opGetObjectLock:       "ObjectLockConfiguration",
	opGetReplication:      "ReplicationConfiguration",
	opGetNotification:     "NotificationConfiguration",
	opHeadBucket:          noRoot,
}

// olderRoots are the names that stand-ins take from the name that an operation had before.
var olderRoots = map[string]string{"GetBucketNotificationConfiguration": "GetBucketNotificationResponse"}

// noRoot stands for an answer without a body.
const noRoot = "(nothing)"

// objectList is the root element of the list of objects.
const objectList = "ListBucketResult"

// judgeS3 refuses an answer whose root element is not the operation's.
func judgeS3(operation, root string) error {
	want := s3Roots["s3:"+operation]
	switch {
	case want == "" && strings.HasPrefix(operation, "ListObject"):
		return nil
	case want == noRoot && root == "":
		return nil
	case root == objectList:
		return collect.Wrong("the answer is the list of the bucket's objects")
	case want != "" && root != want && root != operation+"Response" && root != olderRoots[operation]:
		return collect.Wrong("the answer begins with %q, not with %q", root, want)
	}
	return nil
}
