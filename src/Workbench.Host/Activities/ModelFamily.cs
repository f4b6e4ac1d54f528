namespace Workbench.Host.Activities;

/// <summary>The families of models that can be trained here: classifiers of two classes on tabular data.</summary>
internal enum ModelFamily
{
    /// <summary>Embeddings and a multilayer perceptron.</summary>
    TabularNetwork,
    /// <summary>The same without hidden layers.</summary>
    LogisticRegression,
}
