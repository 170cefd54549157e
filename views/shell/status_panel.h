// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/widgets/labels.h"
#include "views/widgets/status_words.h"

namespace counterfoil {

/// The status bar's content: worker, queue, open cases, database.
class StatusPanel : public QWidget {
    Q_OBJECT
public:
    StatusPanel(const Theme& theme, const DatabaseUrl& database, QWidget* parent = nullptr);

    void setStatus(const SystemStatus& status, UtcTime now);
    void setLost(bool lost);

private:
    class Item;
    Item* m_worker;
    Item* m_queue;
    Item* m_cases;
    Item* m_database;
};

} // namespace counterfoil
