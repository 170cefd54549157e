// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/theme/theme.h"

#include <QWidget>

namespace counterfoil {

/// What this database is, in words and colour: SANDBOX or LIVE; and whether it can be reached.
class EnvironmentBanner : public QWidget {
    Q_OBJECT
public:
    explicit EnvironmentBanner(const Theme& theme, QWidget* parent = nullptr);

    /// `sandbox`, `live`, anything else if the database doesn't say; empty while it has not been read.
    void setEnvironment(const QString& environment);
    void setConnectionLost(bool lost);
    QString words() const;
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void describe();

    const Theme& m_theme;
    QString m_environment;
    bool m_lost = false;
};

} // namespace counterfoil
