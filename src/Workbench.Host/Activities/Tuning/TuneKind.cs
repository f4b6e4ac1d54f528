namespace Workbench.Host.Activities.Tuning;

/// <summary>What a trial does.</summary>
internal enum TuneKind
{
    /// <summary>Trains a tabular model with its parameters as inputs of the activity TrainModel.</summary>
    Table,
    /// <summary>Runs a notebook with its parameters.</summary>
    Notebook,
}
