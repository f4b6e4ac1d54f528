namespace Workbench.Host.Activities;

/// <summary>The families of models that can be trained here, for two classes, several classes and numbers.</summary>
internal enum ModelFamily
{
    /// <summary>Embeddings and a multilayer perceptron.</summary>
    TabularNetwork,
    /// <summary>The same without hidden layers.</summary>
    LogisticRegression,
    /// <summary>A weight for each number and each category: linear or logistic regression.</summary>
    Linear,
    /// <summary>Embeddings and residual blocks.</summary>
    ResidualMlp,
    /// <summary>A transformer over the columns.</summary>
    FtTransformer,
    /// <summary>Boosted trees, grown leaf by leaf.</summary>
    LightGbm,
    /// <summary>Boosted trees without a native library.</summary>
    FastTree,
}
