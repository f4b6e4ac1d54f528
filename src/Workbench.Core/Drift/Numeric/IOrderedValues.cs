namespace Workbench.Drift.Numeric;

/// <summary>The finite values of one side in ascending order: sorted rows, or distinct values with their rows.</summary>
internal interface IOrderedValues
{
    long Count { get; }
    double Mean { get; }
    /// <summary>Divisor n; 0 when all values are equal.</summary>
    double StandardDeviation { get; }
    /// <summary>Mean of the cubed standardised values; 0 when all values are equal.</summary>
    double Skewness { get; }

    /// <summary>The value of that rank, from 0.</summary>
    double At(long index);

    /// <summary>Rows whose value is below <paramref name="edge"/>.</summary>
    long Below(double edge);
}
