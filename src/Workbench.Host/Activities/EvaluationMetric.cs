namespace Workbench.Host.Activities;

/// <summary>Metrics of a classifier with two classes; all are shares, more is better.</summary>
internal enum EvaluationMetric
{
    Accuracy,
    Precision,
    Recall,
    F1,
    RocAuc,
}
